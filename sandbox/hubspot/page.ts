import type { Account } from './account.ts';
import type { ApiRequest } from './api-request.ts';
import { html, type Html } from '../server/page-html.ts';
import { sandboxPage } from '../server/sandbox-page.ts';
import type { RateLimiter } from './rate-limits.ts';
import type { CrmRecord } from './record-store.ts';
import type { RequestLog } from './request-log.ts';
import type { OtherAnswer } from './server.ts';
import { timelineOf, unassociatedActivities, type TimelineEntry } from './timeline.ts';

export interface PageDependencies {
  readonly account: Account;
  readonly limiter: RateLimiter;
  readonly log: RequestLog;
}

/** Contacts and activities shown at most; the page is for looking, not for listing. */
const shown = 50;

/** The page a person looks at to see that the call is in HubSpot; null for paths that are not its own. */
export function answerPageRequest(request: ApiRequest, dependencies: PageDependencies): OtherAnswer | null {
  const { pathname } = request.url;
  if (request.method !== 'GET') return null;
  if (pathname === '/') return page(200, overview(dependencies));
  const id = /^\/contacts\/([^/]+)$/.exec(pathname)?.[1];
  if (id === undefined) return null;
  const contact = dependencies.account.records.live('contacts', id);
  return contact === null
    ? page(404, html`<section><p class="none">There is no contact ${id}.</p></section>`)
    : page(200, contactSection(dependencies.account, contact, Number.POSITIVE_INFINITY));
}

function overview({ account, limiter, log }: PageDependencies): Html {
  const contacts = account.records
    .all('contacts')
    .filter((record) => record.archivedAt === null)
    .sort((a, b) => b.updatedAt - a.updatedAt || Number(b.id) - Number(a.id));
  const loose = unassociatedActivities(account).slice(0, shown);
  return html`
    ${
      loose.length === 0
        ? ''
        : html`<section class="warn">
            <h2>Activities on no timeline</h2>
            ${timeline(loose)}
          </section>`
    }
    ${
      contacts.length === 0
        ? html`<section><p class="none">No contacts yet.</p></section>`
        : contacts.slice(0, shown).map((contact) => contactSection(account, contact, 10))
    }
    ${contacts.length > shown ? html`<p class="none">${contacts.length - shown} more contacts are not shown.</p>` : ''}
    ${usageSection(limiter, log)}
  `;
}

function contactSection(account: Account, contact: CrmRecord, entries: number): Html {
  const value = (name: string): string => contact.values[name] ?? '';
  const name = [value('firstname'), value('lastname')].filter((part) => part !== '').join(' ');
  const facts = [value('phone'), value('mobilephone'), value('email'), value('company')].filter((part) => part !== '');
  const all = timelineOf(account, contact);
  return html`<section>
    <h2>
      <a href="/contacts/${contact.id}">${name === '' ? `Contact ${contact.id}` : name}</a
      ><small>${facts.join(' · ')}</small>
    </h2>
    ${timeline(all.slice(0, entries))}
    ${all.length > entries ? html`<p class="none">${all.length - entries} earlier activities.</p>` : ''}
  </section>`;
}

function timeline(entries: readonly TimelineEntry[]): Html {
  if (entries.length === 0) return html`<p class="none">Nothing on the timeline.</p>`;
  const rows = entries.map(
    (entry) =>
      html`<tr>
        <td class="time">${time(entry.at)}</td>
        <td class="kind">${entry.kind}</td>
        <td>${entry.title}</td>
        <td>${entry.detail}</td>
        <td>${entry.duration}</td>
        <td>${entry.status}</td>
        <td>${entry.owner}</td>
      </tr>`,
  );
  return html`<table>
    <thead>
      <tr>
        <th>Time (UTC)</th>
        <th>What</th>
        <th>Title</th>
        <th>Direction</th>
        <th>Length</th>
        <th>Status</th>
        <th>Owner</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

function usageSection(limiter: RateLimiter, log: RequestLog): Html {
  const usage = limiter.usage();
  const counts = Object.entries(log.counts()).filter(([, count]) => count > 0);
  const of = (limit: number | null): string => (limit === null ? 'no limit' : limit.toLocaleString('en-US'));
  return html`<section>
    <h2>Requests</h2>
    <dl>
      ${counts.map(
        ([name, count]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${count.toLocaleString('en-US')}</dd>
          </div>`,
      )}
      <div>
        <dt>refused or cut</dt>
        <dd>${log.refused()}</dd>
      </div>
      <div>
        <dt>in 10 s, per token</dt>
        <dd>${usage.usedInTenSeconds} of ${of(usage.limits.perTenSeconds)}</dd>
      </div>
      <div>
        <dt>searches a second</dt>
        <dd>at most ${of(usage.limits.searchPerSecond)}</dd>
      </div>
      <div>
        <dt>today</dt>
        <dd>${usage.usedToday.toLocaleString('en-US')} of ${of(usage.limits.perDay)}</dd>
      </div>
    </dl>
  </section>`;
}

function time(at: number): string {
  return at === 0 ? '' : new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

function page(status: number, content: Html): OtherAnswer {
  return { status, contentType: 'text/html; charset=utf-8', text: sandboxPage('HubSpot sandbox', content) };
}
