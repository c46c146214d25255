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

/** A loopback port that was free a moment ago. Somebody may take it before you do: be ready to ask again. */
export async function findFreePort(): Promise<number> {
  return await listenOnce(0);
}

async function listenOnce(port: number): Promise<number> {
  const server = createServer().listen(port, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address === 'object' && address !== null) return address.port;
  throw new Error('A TCP server has no port.');
}
