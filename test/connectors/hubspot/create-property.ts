/** Makes a text property as somebody else's integration would. @throws Error when the sandbox refuses it. */
export async function createProperty(
  url: string,
  object: string,
  name: string,
  hasUniqueValue: boolean,
): Promise<void> {
  const post = (path: string, body: unknown) =>
    fetch(`${url}/crm/properties/2026-03/${object}${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer sandbox-hubspot-token', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  await post('/groups', { name: 'others', label: 'Others' });
  const property = { name, label: name, groupName: 'others', type: 'string', fieldType: 'text', hasUniqueValue };
  const made = await post('', property);
  if (made.status !== 201) throw new Error(`The property ${name} was answered with ${made.status}.`);
}
