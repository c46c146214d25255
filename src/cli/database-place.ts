/** Where a database is, without user and password: `db.example.com:5432/crm_sync`. */
export function databasePlace(databaseUrl: string): string {
  const url = URL.parse(databaseUrl);
  if (url === null) return 'the address in DATABASE_URL';
  const socket = url.searchParams.get('host');
  const host = socket ?? `${url.hostname || 'localhost'}:${url.port || '5432'}`;
  return `${host}${url.pathname}`;
}
