import { LEDGER_STATES, type LedgerState } from '../domain/ledger.ts';
import { html, type Html } from './html.ts';
import type { RecentConversation } from './services/recent-conversations.ts';
import type { ConnectionStatus, PersonNeeded, Status } from './services/status.ts';
import { STATE_APPEARANCE } from './state-appearance.ts';
import { STYLE_ELEMENT } from './status-page-style.ts';
import { actorWord, duration, relative } from './wording.ts';

/** Seconds after which the page loads itself again. */
const REFRESH_SECONDS = 5;

/** The status page: its first line is the answer, everything below explains it. Pure; all text from outside is escaped. */
export function statusPage(status: Status, recent: readonly RecentConversation[] | undefined): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta http-equiv="refresh" content="${REFRESH_SECONDS}" />
        <title>${status.answer}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <header>
          <p class="product">PersonaDesk CRM Sync</p>
          <h1>${status.answer}</h1>
        </header>
        <main>
          ${connectionsSection(status)} ${personSection(status.needsPerson)} ${recentSection(recent, status.at)}
        </main>
        <footer>${instant(status.at, `As of ${status.at.toISOString()}`)}, every ${REFRESH_SECONDS} s anew</footer>
      </body>
    </html> `;
  return page.markup;
}

function connectionsSection({ connections, at }: Status): Html {
  if (connections.length === 0) {
    return html`<p>Add a connection: <code>npx crm-sync apply FILE.yaml</code></p>`;
  }
  return html`<section class="cards">${connections.map((connection) => card(connection, at))}</section>`;
}

function card(connection: ConnectionStatus, now: Date): Html {
  const { connectionId, tenantName, crm, health, healthReason, counts, freshness, oldestDueSince } = connection;
  const oldest = oldestDueSince === undefined ? html`nothing` : instant(oldestDueSince, relative(oldestDueSince, now));
  return html`<article class="card ${health}">
    <h2>${connectionId} <span class="health">${health}</span></h2>
    <p class="faint">${tenantName}, ${crm}</p>
    ${healthReason === undefined ? html`` : html`<p>${healthReason}</p>`}
    <dl>
      <dt>p50</dt>
      <dd>${freshness === undefined ? '–' : duration(freshness.p50Ms)}</dd>
      <dt>p95</dt>
      <dd>${freshness === undefined ? '–' : duration(freshness.p95Ms)}</dd>
      <dt>oldest waiting</dt>
      <dd>${oldest}</dd>
    </dl>
    <ul class="counts">
      ${LEDGER_STATES.map((state) => html`<li>${badge(state)} <b>${counts[state].toLocaleString('en-US')}</b></li>`)}
    </ul>
  </article>`;
}

function personSection(needed: readonly PersonNeeded[]): Html {
  if (needed.length === 0) return html``;
  return html`<section>
    <h2>Needs a person</h2>
    <table>
      <thead>
        <tr>
          <th class="number">Count</th>
          <th>Connection</th>
          <th>State</th>
          <th>What happened</th>
          <th>Who</th>
          <th>What to do</th>
        </tr>
      </thead>
      <tbody>
        ${needed.map(
          ({ count, connectionId, state, reason, means, who, action }) =>
            html`<tr>
              <td class="number">${count.toLocaleString('en-US')}</td>
              <td>${connectionId}</td>
              <td>${badge(state)}</td>
              <td>${means} <span class="faint">${reason}</span></td>
              <td>${actorWord(who)}</td>
              <td>${action}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

function recentSection(recent: readonly RecentConversation[] | undefined, now: Date): Html {
  if (recent === undefined) return html``;
  if (recent.length === 0) {
    return html`<p>No conversation yet. Try: <code>npx crm-sync send-test-event TENANT</code></p>`;
  }
  return html`<section>
    <h2>Latest conversations</h2>
    <table>
      <thead>
        <tr>
          <th>When</th>
          <th>Conversation</th>
          <th>Caller</th>
          <th>Connection</th>
          <th>State</th>
          <th>Why</th>
        </tr>
      </thead>
      <tbody>
        ${recent.map((conversation) => recentRow(conversation, now))}
      </tbody>
    </table>
  </section>`;
}

function recentRow(conversation: RecentConversation, now: Date): Html {
  const { conversationId, connectionId, state, reason, updatedAt, maskedNumber } = conversation;
  return html`<tr>
    <td>${instant(updatedAt, relative(updatedAt, now))}</td>
    <td><code>${conversationId}</code></td>
    <td class="numeric">${maskedNumber ?? '–'}</td>
    <td>${connectionId}</td>
    <td>${badge(state)}</td>
    <td>${reason.means}</td>
  </tr>`;
}

function badge(state: LedgerState): Html {
  const { icon, word, colour } = STATE_APPEARANCE[state];
  return html`<span class="badge ${colour}"><span aria-hidden="true">${icon}</span> ${word}</span>`;
}

/** A relative time that shows the exact one on hover. */
function instant(at: Date, text: string): Html {
  return html`<time datetime="${at.toISOString()}" title="${at.toISOString()}">${text}</time>`;
}
