import { describe, expect, it } from '@jest/globals';
import { openSandbox, send, token } from './open-sandbox.ts';

describe('who may ask', () => {
  it('a request without a token is refused as unauthenticated', async () => {
    const { sandbox } = await openSandbox();
    const response = await fetch(`${sandbox.url}/crm/v3/owners`);
    const body: unknown = await response.json();
    expect(response.status).toBe(401);
    expect(body).toMatchObject({ status: 'error', category: 'INVALID_AUTHENTICATION' });
    expect(body).toHaveProperty('correlationId');
  });

  it('an unknown token is refused as unauthenticated', async () => {
    const { sandbox } = await openSandbox();
    const { status, body } = await send(sandbox.url, 'GET', '/crm/v3/owners', undefined, 'another');
    expect([status, body.category]).toEqual([401, 'INVALID_AUTHENTICATION']);
  });

  it('a revoked token is refused as expired, until it is added again', async () => {
    const { sandbox, call } = await openSandbox();
    sandbox.revokeToken(token);
    const refused = await call('GET', '/crm/v3/owners');
    expect([refused.status, refused.body.category]).toEqual([401, 'EXPIRED_AUTHENTICATION']);
    sandbox.addToken({ token });
    expect((await call('GET', '/crm/v3/owners')).status).toBe(200);
  });

  it('a token expires when its time has come, and says how long ago', async () => {
    let now = 1_000_000;
    const { call } = await openSandbox({ now: () => now, accessTokens: [{ token, expiresAt: 1_060_000 }] });
    expect((await call('GET', '/crm/v3/owners')).status).toBe(200);
    now += 67_000;
    const { status, body } = await call('GET', '/crm/v3/owners');
    expect([status, body.category]).toEqual([401, 'EXPIRED_AUTHENTICATION']);
    expect(body.message).toContain('expired 7 second(s) ago');
  });

  it.each([
    ['GET', '/crm/v3/objects/contacts/1', 'crm.objects.contacts.read'],
    ['POST', '/crm/v3/objects/calls', 'crm.objects.contacts.write'],
    ['POST', '/crm/v3/properties/tasks', 'crm.schemas.contacts.write'],
    ['GET', '/crm/owners/2026-09', 'crm.objects.owners.read'],
    ['POST', '/crm/v3/objects/companies/search', 'crm.objects.companies.read'],
  ])('%s %s without its scope is refused and names the scope', async (method, path, scope) => {
    const { call } = await openSandbox({ accessTokens: [{ token, scopes: ['crm.objects.deals.read'] }] });
    const { status, body } = await call(method, path, method === 'GET' ? undefined : {});
    expect([status, body.category]).toEqual([403, 'MISSING_SCOPES']);
    expect(body.errors[0]?.context.requiredGranularScopes).toContain(scope);
  });
});

describe('what is no endpoint', () => {
  it.each([
    '/crm/v3/objects/contacts/1/2/3',
    '/crm/v2/objects/contacts/1',
    '/crm/objects/2025-09/contacts/1',
    '/crm/v4/objects/contacts/1',
    '/nowhere',
    '/crm/v3/objects/%E0%A4%A',
  ])('%s is not found, in the usual envelope', async (path) => {
    const { call } = await openSandbox();
    const { status, body } = await call('GET', path);
    expect([status, body.category]).toEqual([404, 'OBJECT_NOT_FOUND']);
    expect(body).toHaveProperty('correlationId');
  });

  it('a path is not found once its version is no longer accepted', async () => {
    const { sandbox, call } = await openSandbox();
    expect((await call('GET', '/crm/v3/owners')).status).toBe(200);
    sandbox.setOptions({ apiVersions: ['2026-09'] });
    expect((await call('GET', '/crm/v3/owners')).status).toBe(404);
    expect((await call('GET', '/crm/owners/2026-09')).status).toBe(200);
  });

  it('a known path with another method is 405 and names the right ones', async () => {
    const { call } = await openSandbox();
    const { status, headers } = await call('PUT', '/crm/v3/objects/calls/batch/upsert', {});
    expect([status, headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('a body that is not declared as JSON is 415', async () => {
    const { sandbox } = await openSandbox();
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/plain' };
    const response = await fetch(`${sandbox.url}/crm/v3/objects/calls`, { method: 'POST', headers, body: '{}' });
    expect(response.status).toBe(415);
  });

  it.each(['{', '[]', '"text"'])('a body that is %s is refused', async (body) => {
    const { call } = await openSandbox();
    const reply = await call('POST', '/crm/v3/objects/calls', body);
    expect([reply.status, reply.body.category]).toEqual([400, 'VALIDATION_ERROR']);
  });

  it('an object that does not exist is refused by name', async () => {
    const { call } = await openSandbox();
    const { status, body } = await call('GET', '/crm/v3/objects/unicorns/1');
    expect([status, body.message]).toEqual([400, 'Unable to infer object type from: unicorns']);
  });
});
