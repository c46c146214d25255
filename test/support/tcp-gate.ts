import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to a server that can be cut and opened again: to its client the server is away. */
export class TcpGate {
  readonly address: string;
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #isShut = false;

  private constructor(server: Server, address: string) {
    this.#server = server;
    this.address = address;
  }

  /** @param target `host:port` of the server behind. */
  static async before(target: string): Promise<TcpGate> {
    const [host = '', port = ''] = target.split(':');
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port: own } = server.address() as AddressInfo; // a listening TCP server has one
    const gate = new TcpGate(server, `127.0.0.1:${own}`);
    server.on('connection', (client) => gate.#admit(client, connect(Number(port), host)));
    return gate;
  }

  shut(): void {
    this.#isShut = true;
    for (const socket of this.#open) socket.destroy();
  }

  open(): void {
    this.#isShut = false;
  }

  async close(): Promise<void> {
    this.shut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #admit(client: Socket, server: Socket): void {
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#open.add(socket);
      // A cut connection is the point of the gate; both ends learn of it by the close.
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#open.delete(socket);
        other.destroy();
      });
    }
    if (this.#isShut) client.destroy();
    else client.pipe(server).pipe(client);
  }
}
