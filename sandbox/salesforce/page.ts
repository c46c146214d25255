import { html, type Html } from '../server/page-html.ts';
import { sandboxPage } from '../server/sandbox-page.ts';
import type { ApiRequest } from './api-request.ts';
import type { Org } from './org.ts';
import { canonicalId } from './record-ids.ts';
import type { SalesforceRecord } from './record-store.ts';
import type { RequestLog } from './request-log.ts';
import type { OtherAnswer } from './server.ts';
import { nameOfUser, tasksOf, tasksOfNobody, type TaskLine } from './task-lines.ts';

export interface PageDependencies {
  readonly org: Org;
  readonly log: RequestLog;
}

/** People and tasks shown at most; the page is for looking, not for listing. */
const shown = 50;

/** The page a person looks at to see that the call is in Salesforce; null for paths that are not its own. */
export function answerPageRequest(request: ApiRequest, dependencies: PageDependencies): OtherAnswer | null {
  const { pathname } = request.url;
  if (request.method !== 'GET') return null;
  if (pathname === '/') return page(200, overview(dependencies));
  const id = /^\/people\/([^/]+)$/.exec(pathname)?.[1];
  if (id === undefined) return null;
  const { org } = dependencies;
  const known = canonicalId(id) ?? '';
  const person = org.records.live('Contact', known) ?? org.records.live('Lead', known);
  return person === null
    ? page(404, html`<section><p class="none">There is no contact or lead ${id}.</p></section>`)
    : page(200, personSection(org, person, Number.POSITIVE_INFINITY));
}

function overview({ org, log }: PageDependencies): Html {
  const people = [...org.records.all('Contact'), ...org.records.all('Lead')]
    .filter((record) => !record.isDeleted)
    .sort((a, b) => lastChange(b).localeCompare(lastChange(a)) || b.id.localeCompare(a.id));
  const loose = tasksOfNobody(org).slice(0, shown);
  return html`
    ${
      loose.length === 0
        ? ''
        : html`<section class="warn">
            <h2>Tasks of nobody</h2>
            ${taskTable(loose)}
          </section>`
    }
    ${
      people.length === 0
        ? html`<section><p class="none">No contacts or leads yet.</p></section>`
        : people.slice(0, shown).map((person) => personSection(org, person, 10))
    }
    ${people.length > shown ? html`<p class="none">${people.length - shown} more people are not shown.</p>` : ''}
    ${usageSection(org, log)}
  `;
}

/** Newest first also tells which of two changes of one second was later. */
const lastChange = ({ writes }: SalesforceRecord): string => writes.at(-1)?.at ?? '';

function personSection(org: Org, person: SalesforceRecord, lines: number): Html {
  const value = (name: string): string => String(person.values[name] ?? '');
  const state = person.values.IsConverted === true ? 'converted' : '';
  const owner = `owner ${nameOfUser(org, value('OwnerId'))}`;
  const facts = [value('Phone'), value('MobilePhone'), value('Email'), value('Company'), state, owner];
  const all = tasksOf(org, person);
  return html`<section>
    <h2>
      <a href="/people/${person.id}">${value('Name')}</a
      ><small>${[person.object, ...facts].filter((fact) => fact !== '').join(' · ')}</small>
    </h2>
    ${taskTable(all.slice(0, lines))}
    ${all.length > lines ? html`<p class="none">${all.length - lines} earlier tasks.</p>` : ''}
  </section>`;
}

function taskTable(lines: readonly TaskLine[]): Html {
  if (lines.length === 0) return html`<p class="none">No tasks.</p>`;
  const rows = lines.map(
    (line) =>
      html`<tr>
        <td class="time">${line.day}</td>
        <td class="kind">${line.kind}</td>
        <td>${line.subject}</td>
        <td>${line.direction}</td>
        <td>${line.duration}</td>
        <td>${line.status}</td>
        <td>${line.owner}</td>
      </tr>`,
  );
  return html`<table>
    <thead>
      <tr>
        <th>Day</th>
        <th>What</th>
        <th>Subject</th>
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

function usageSection(org: Org, log: RequestLog): Html {
  const counts = Object.entries(log.counts()).filter(([, count]) => count > 0);
  const number = (value: number): string => value.toLocaleString('en-US');
  return html`<section>
    <h2>Requests</h2>
    <dl>
      ${counts.map(
        ([name, count]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${number(count)}</dd>
          </div>`,
      )}
      <div>
        <dt>refused or cut</dt>
        <dd>${log.refused()}</dd>
      </div>
      <div>
        <dt>in 24 hours</dt>
        <dd>${number(org.daily.used())} of ${number(org.daily.allowed())}</dd>
      </div>
    </dl>
  </section>`;
}

function page(status: number, content: Html): OtherAnswer {
  return { status, contentType: 'text/html; charset=utf-8', text: sandboxPage('Salesforce sandbox', content) };
}
