import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A relay in front of a PostgreSQL server that reads what is asked of it. */
export interface StatementRelay extends AsyncDisposable {
  /** The server's URL with the address of the relay. */
  readonly url: string
  /** The write transactions that have ended since the last call, each with its messages: a statement, or several in one. */
  takeWrites(): readonly (readonly string[])[]
  /** Passes the next commit on, and closes its connection before the answer. */
  loseNextCommit(): void
}

/** Starts a relay in front of the server of a URL. */
export async function startStatementRelay(serverUrl: string): Promise<StatementRelay> {
  const url = new URL(serverUrl)
  const target = { host: url.hostname, port: Number(url.port) }
  const sockets = new Set<Socket>()
  let writes: (readonly string[])[] = []
  let losesCommit = false
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    return socket
  }
  const server = createServer((client) => {
    const upstream = keep(connect(target))
    const read = statementReader()
    let write: string[] | undefined
    keep(client).on('data', (chunk: Buffer) => {
      for (const statement of read(chunk)) {
        if (statement.includes('pg_advisory_xact_lock')) write = []
        write?.push(statement)
        if (write === undefined || !/^(?:commit|rollback)$/i.test(statement)) continue
        writes.push(write)
        write = undefined
        if (!losesCommit || statement !== 'commit') continue
        losesCommit = false
        upstream.unpipe(client)
        upstream.once('data', () => client.destroy()).resume()
      }
    })
    client.pipe(upstream).pipe(client)
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    takeWrites() {
      const taken = writes
      writes = []
      return taken
    },
    loseNextCommit() {
      losesCommit = true
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

const LENGTH_BYTES = 4

/**
 * Reads the statements that a client asks for on one connection: those of simple queries, and those that are bound, by the
 * text that was parsed under their name (https://www.postgresql.org/docs/18/protocol-message-formats.html).
 */
function statementReader(): (chunk: Buffer) => readonly string[] {
  const parsed = new Map<string, string>()
  let pending = Buffer.alloc(0)
  // The first message of a connection has no type.
  let typeBytes = 0
  return (chunk) => {
    pending = Buffer.concat([pending, chunk])
    const statements: string[] = []
    for (;;) {
      if (pending.length < typeBytes + LENGTH_BYTES) return statements
      const end = typeBytes + pending.readUInt32BE(typeBytes)
      if (pending.length < end) return statements
      const type = typeBytes === 0 ? 'startup' : String.fromCharCode(pending[0] ?? 0)
      const [first = '', second = ''] = pending.toString('utf8', typeBytes + LENGTH_BYTES, end).split('\0', 2)
      pending = pending.subarray(end)
      typeBytes = 1
      if (type === 'Q') statements.push(first)
      else if (type === 'P') parsed.set(first, second)
      else if (type === 'B') statements.push(parsed.get(second) ?? '')
    }
  }
}
