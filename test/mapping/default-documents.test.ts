import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { defaultMapping } from '../../src/mapping/default-mapping.ts';
import { compileMapping } from '../../src/mapping/compile/mapping.ts';
import { defaultDocument } from '../../src/mapping/defaults/default-document.ts';
import { mappingDocumentSchema } from '../../src/mapping/document/schema.ts';
import { evaluate, type FieldRule, type Mapping, type MappingSource } from '../../src/mapping/mapping.ts';
import { cleanText, truncate } from '../../src/mapping/text.ts';
import { anySource, sourceOf } from './generated-sources.ts';

const CRMS = ['hubspot', 'salesforce'] as const;
type Crm = (typeof CRMS)[number];
const KINDS = ['call', 'text_message', 'chat'] as const;

const documents = Object.fromEntries(CRMS.map((crm) => [crm, compiled(crm)]));

function compiled(crm: Crm): Mapping {
  const result = compileMapping(mappingDocumentSchema.parse(defaultDocument(crm)), `default-${crm}`);
  if (result.kind === 'refused') throw new Error(JSON.stringify(result.problems));
  return result.mapping;
}

function documentOf(crm: Crm): Mapping {
  return documents[crm] ?? compiled(crm);
}

/** All that a mapping has to say of a conversation: `task.hs_task_body create_only` to its value. */
function saidBy(mapping: Mapping, source: MappingSource): Record<string, string> {
  const lists: readonly (readonly [string, readonly FieldRule[]])[] = [
    ['person', mapping.person],
    ...KINDS.map((kind) => [kind, mapping.activity(kind)] as const),
    ['task', mapping.task],
  ];
  return Object.fromEntries(
    lists.flatMap(([name, rules]) =>
      evaluate(rules, source).map(({ field, mode, value }) => [`${name}.${field} ${mode}`, value]),
    ),
  );
}

/** What the property leaves to tests of their own: text that holds control characters is cleaned before it is used. */
function withoutControlCharacters(source: MappingSource): MappingSource {
  const { summary, ...conversation } = source.known.conversation;
  const clean = summary === undefined ? {} : { summary: cleanText(summary).replace(/[\u2028\u2029\u0085]/g, ' ') };
  return { ...source, known: { ...source.known, conversation: { ...conversation, ...clean } } };
}

/** The wanted differences that generated conversations meet: Salesforce gets no name or address longer than it takes. */
function expectedOf(crm: Crm, said: Record<string, string>): Record<string, string> {
  if (crm !== 'salesforce') return said;
  const { [LAST_NAME]: last, [EMAIL]: email, ...others } = said;
  return {
    ...others,
    ...(last === undefined ? {} : { [LAST_NAME]: truncate(last, 80) }),
    ...(email === undefined || email.length > 80 ? {} : { [EMAIL]: email }),
  };
}

const LAST_NAME = 'person.LastName create_only';
const EMAIL = 'person.Email create_only';

describe.each(CRMS)('the default document for %s', (crm) => {
  it('says of every conversation what the mapping in code says', () => {
    fc.assert(
      fc.property(anySource.map(withoutControlCharacters), (source) => {
        expect(saidBy(documentOf(crm), source)).toEqual(expectedOf(crm, saidBy(defaultMapping(crm), source)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('never throws, and gives no empty, malformed or uncleaned value', () => {
    fc.assert(
      fc.property(anySource, (source) => {
        for (const value of Object.values(saidBy(documentOf(crm), source))) {
          expect(value).not.toBe('');
          expect(cleanText(value)).toBe(value);
        }
        expect(documentOf(crm).warnings(source).join()).not.toContain('undefined');
      }),
      { numRuns: 300 },
    );
  });

  it('reads messages, and says so', () => {
    expect(documentOf(crm).readsMessages).toBe(true);
  });
});

/** Where the documents are meant to differ from the mappings in code, and how. */
describe('the wanted differences of the default documents', () => {
  const valueOf = (mapping: Mapping, source: MappingSource, key: string) => saidBy(mapping, source)[key];

  it.each([
    ['hubspot', 'call.hs_call_title overwrite_unless_edited', undefined, 'Call from Zoe van Example'],
    ['salesforce', 'call.Subject overwrite_unless_edited', 'Call from Zoe van Example', 'Call from Zoe van Example'],
  ] as const)('%s: a summary of control characters only is none', (crm, key, before, after) => {
    const source = sourceOf({ summary: '\u0001\u0002' });
    expect([valueOf(defaultMapping(crm), source, key), valueOf(documentOf(crm), source, key)]).toEqual([before, after]);
  });

  it('HubSpot: a task shows what a caller is called, and does not read it as markup', () => {
    const handoff = { requestedAt: '2026-03-02T10:00:00Z', reason: 'a<b>', agentId: undefined };
    const key = 'task.hs_task_body create_only';
    const source = sourceOf({ caller: { number: '+15551234567' } }, { handoff });
    expect(valueOf(defaultMapping('hubspot'), source, key)).toContain('(a<b>)');
    expect(valueOf(documentOf('hubspot'), source, key)).toContain('(a&lt;b&gt;)');
  });

  it('HubSpot: a wrong number is one when it is written with one space or line, not with several', () => {
    const key = 'call.hs_call_disposition overwrite';
    const source = sourceOf({ intent: 'wrong  number' });
    expect(valueOf(defaultMapping('hubspot'), source, key)).toBe('Wrong number');
    expect(valueOf(documentOf('hubspot'), source, key)).toBe('Connected');
  });

  it('HubSpot: a status nobody listed is remarked on where it is written, by the field', () => {
    expect(documentOf('hubspot').warnings(sourceOf({ status: 'paused' }))).toEqual([
      "hs_call_status: 'paused' is not in the value map; 'COMPLETED' was written",
    ]);
    expect(documentOf('hubspot').warnings(sourceOf({ status: 'paused', channel: 'chat' }))).toEqual([]);
  });

  it('a name of control characters only is no name', () => {
    const source = sourceOf({ caller: { number: '+15551234567', name: '\u0001' } });
    expect(valueOf(defaultMapping('hubspot'), source, 'person.firstname create_only')).toBeUndefined();
    expect(valueOf(documentOf('hubspot'), source, 'person.firstname create_only')).toBe('Unknown caller');
  });
});
