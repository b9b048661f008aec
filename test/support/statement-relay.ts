import { startRelayServer } from './relay-server.ts'

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
  let writes: (readonly string[])[] = []
  let losesCommit = false
  const relay = await startRelayServer(serverUrl, (client, upstream) => {
    const read = statementReader()
    let write: string[] | undefined
    client.on('data', (chunk: Buffer) => {
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
  })
  return {
    url: relay.url,
    takeWrites() {
      const taken = writes
      writes = []
      return taken
    },
    loseNextCommit() {
      losesCommit = true
    },
    [Symbol.asyncDispose]: () => relay[Symbol.asyncDispose](),
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
