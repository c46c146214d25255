import { base, openSandbox, token, type OpenSandbox } from './open-sandbox.ts';

type Options = Parameters<typeof openSandbox>[0];

/** What a bulk endpoint answered: JSON where it was JSON, and the text. */
export interface BulkReply {
  readonly status: number;
  readonly text: string;
  readonly contentType: string | null;
  readonly json: Readonly<Record<string, unknown>>;
}

/** A sandbox whose jobs take a second of a clock that only the test moves, and the requests of one job. */
export interface BulkSandbox extends OpenSandbox {
  readonly bulk: (method: string, path: string, body?: unknown) => Promise<BulkReply>;
  /** Opens a job, uploads and closes it. @returns its id */
  readonly handIn: (spec: object, csv: string) => Promise<string>;
  /** Results of a finished job, the lines below the header. */
  readonly results: (id: string, kind: ResultKind) => Promise<readonly string[]>;
  readonly pass: (ms: number) => void;
}

type ResultKind = 'successfulResults' | 'failedResults' | 'unprocessedrecords';

export async function openBulkSandbox(options: Options = {}): Promise<BulkSandbox> {
  let now = Date.parse('2026-11-24T10:00:00Z');
  const opened = await openSandbox({ now: () => now, ...options });
  const bulk: BulkSandbox['bulk'] = async (method, path, body) => {
    const isCsv = typeof body === 'string';
    const response = await fetch(`${opened.sandbox.url}${base}/jobs/ingest${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': isCsv ? 'text/csv' : 'application/json' },
      ...(body === undefined ? {} : { body: isCsv ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const contentType = response.headers.get('content-type');
    const isJson = contentType?.startsWith('application/json') === true && text !== '';
    // Tests assert what they read; an absent part fails them there.
    const json = (isJson ? [JSON.parse(text)].flat()[0] : {}) as BulkReply['json'];
    return { status: response.status, text, contentType, json };
  };
  return {
    ...opened,
    bulk,
    handIn: async (spec, csv) => {
      const id = String((await bulk('POST', '', spec)).json.id);
      await bulk('PUT', `/${id}/batches`, csv);
      await bulk('PATCH', `/${id}`, { state: 'UploadComplete' });
      return id;
    },
    results: async (id, kind) => (await bulk('GET', `/${id}/${kind}`)).text.trim().split('\n').slice(1),
    pass: (ms) => {
      now += ms;
    },
  };
}
