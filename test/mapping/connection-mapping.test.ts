import { describe, expect, it } from '@jest/globals';
import { configurationSchema, type ConnectionConfiguration } from '../../src/domain/configuration.ts';
import { openMappings } from '../../src/mapping/connection-mapping.ts';
import { defaultMapping } from '../../src/mapping/default-mapping.ts';
import { defaultDocument } from '../../src/mapping/defaults/default-document.ts';
import { mappingVersion } from '../../src/mapping/document/version.ts';

const connections = configurationSchema.shape.tenants.element.shape.connections.unwrap();

function connection(more: object, id = 'the-crm'): ConnectionConfiguration {
  const access = { crm: 'hubspot', credentials: { accessToken: { env: 'TOKEN' } } };
  const [parsed] = connections.parse([{ id, ...access, ...more }]);
  if (parsed === undefined) throw new Error('there is one connection');
  return parsed;
}

describe('the mapping of a connection', () => {
  const document = { ...defaultDocument('hubspot'), name: 'acme' };

  it('is the default one unless it has its own', () => {
    expect(openMappings()(connection({}))).toBe(defaultMapping('hubspot'));
  });

  it('is compiled once as long as its document says the same, however often it is read', () => {
    const mappingOf = openMappings();
    const first = mappingOf(connection({ mapping: document }));
    expect(first.version).toMatch(/^acme-[0-9a-f]{8}$/);
    expect(mappingOf(connection({ mapping: structuredClone(document) }))).toBe(first);
    const other = mappingOf(connection({ mapping: { ...document, task: [] } }));
    expect(other.version).not.toBe(first.version);
    expect(other.task).toEqual([]);
    expect(mappingOf(connection({ mapping: document }, 'another-crm')).version).toBe(first.version);
  });

  it('of a form that this release does not take is refused by name, and not replaced by another', () => {
    const broken = connection({ mapping: { ...document, person: 'none' } });
    expect(() => openMappings()(broken)).toThrow(/mapping of connection the-crm cannot be used .* at person: a list/);
  });
});

describe('the version of a mapping', () => {
  it('is the same for the same content, and another for any other', () => {
    const one = { name: 'a', rows: [{ field: 'x', mode: 'never' }, 'y'] };
    const turned = { rows: [{ mode: 'never', field: 'x' }, 'y'], name: 'a' };
    expect(mappingVersion('a', turned)).toBe(mappingVersion('a', one));
    for (const other of [
      { ...one, rows: one.rows.toReversed() },
      { ...one, name: 'b' },
      { ...one, rows: [] },
    ]) {
      expect(mappingVersion('a', other)).not.toBe(mappingVersion('a', one));
    }
  });
});
