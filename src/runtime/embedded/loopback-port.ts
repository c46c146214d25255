import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { hasErrorCode } from './error-code.ts';

const LOOPBACK = '127.0.0.1';

/** Whether a server could listen on this loopback port now. */
export async function isPortFree(port: number): Promise<boolean> {
  try {
    await listenOnce(port);
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'EADDRINUSE', 'EACCES')) return false;
    throw error;
  }
}

/** Whether a server accepts connections on this loopback port now. */
export async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, LOOPBACK);
  try {
    await once(socket, 'connect');
    // With nobody there, TCP can connect a socket to itself when it happens to be given the same port.
    return socket.localPort !== port;
  } catch (error) {
    if (hasErrorCode(error, 'ECONNREFUSED', 'ECONNRESET')) return false;
    throw error;
  } finally {
    socket.destroy();
  }
}

/**
 * Where free ports are looked for: below the range from which operating systems give ports to outgoing connections (from
 * 32768 on Linux, 49152 elsewhere). A port from that range may be somebody's when a server comes back to it.
 */
const FIRST_PORT = 10_000;
const LAST_PORT = 19_999;

/** A loopback port that was free a moment ago. Somebody may take it before you do: be ready to ask again. */
export async function findFreePort(): Promise<number> {
  const start = randomInt(FIRST_PORT, LAST_PORT + 1);
  for (let port = start; port <= LAST_PORT; port++) if (await isPortFree(port)) return port;
  for (let port = FIRST_PORT; port < start; port++) if (await isPortFree(port)) return port;
  throw new Error(`No port between ${FIRST_PORT} and ${LAST_PORT} is free.`);
}

async function listenOnce(port: number): Promise<void> {
  const server = createServer().listen(port, LOOPBACK);
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}
