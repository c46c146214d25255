import { answerJson, startScriptedServer, type ReceivedRequest } from '../connectors/scripted-server.ts';

/** A way to a sandbox that keeps what goes in. */
export interface RecordedFront {
  readonly url: string;
  /** Address and body of every request so far. */
  readonly requests: readonly string[];
  forget(): void;
  close(): Promise<void>;
}

/** Hands every request on as it is. */
export async function startRecordedFront(target: string): Promise<RecordedFront> {
  const requests: string[] = [];
  const server = await startScriptedServer((request, response) => {
    requests.push(`${request.method} ${decodeURIComponent(request.path)}\n${request.body}`);
    handOn(target, request).then(
      ({ status, headers, text }) => response.writeHead(status, headers).end(text),
      () => answerJson(response, 502, {}),
    );
  });
  return {
    url: server.origin,
    requests,
    forget: () => void requests.splice(0),
    close: () => server.close(),
  };
}

async function handOn(target: string, { method, path, headers, body }: ReceivedRequest) {
  const kept = ['authorization', 'content-type', 'accept'].flatMap((name): [string, string][] => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  const answer = await fetch(`${target}${path}`, { method, headers: kept, ...(body === '' ? {} : { body }) });
  const text = await answer.text();
  const told = [...answer.headers].filter(([name]) => !/^(content-length|transfer-encoding|connection)$/.test(name));
  return { status: answer.status, headers: Object.fromEntries(told), text };
}
