import { isIP } from 'node:net'
import type { RedisClientOptions, RedisFunctions, RedisModules, RedisScripts } from '@redis/client'
import type { StoreScript } from './scripts.ts'
import { within } from './within.ts'

/** A connection to the store. */
export interface StoreSession {
  /** Runs a script. @throws the store's error, or why the connection ended */
  run(script: StoreScript, keys: readonly string[], args: readonly string[]): Promise<unknown>
  /** Resolves to the reason when the connection ends by itself. */
  readonly ended: Promise<Error>
  /** Ends the connection, with the commands that wait for an answer. */
  destroy(): void
}

/** How long a connection may take to be ready, in ms. */
const CONNECT_MS_MAX = 2_000
/** How often a node of a cluster may send the gateway to another one. */
const REDIRECTIONS_MAX = 3
/** More commands are refused at once. Each request and each round has a few at a time. */
const COMMANDS_MAX = 20_000

/** Where the store is. */
export interface StoreLocation {
  /** With a scheme of `parseLimitsUrl`. */
  readonly url: string
  /** Certificates of the authorities that the store's certificate may be of, as PEM; null for those that Node.js trusts. */
  readonly ca: string | null
}

interface StoreAddress {
  readonly host: string
  readonly port: number
}

/** The protocols of stores with TLS. */
const TLS = /^(?:rediss|valkeys):$/

/** The error of a cluster's node for a key that another one has (https://valkey.io/topics/cluster-spec/). */
const MOVED = /^MOVED \d+ (.*):(\d+)$/

/**
 * Connects to the store. In a cluster it follows the node's answer to the one that has the counters, which all are in one
 * slot.
 *
 * @param probe asks the store for a counter; its errors are those of this function
 */
export async function connectStore(
  location: StoreLocation,
  probe: (session: StoreSession) => Promise<void>,
): Promise<StoreSession> {
  let address: StoreAddress | undefined
  for (let redirections = 0; ; redirections += 1) {
    const session = await open(location, address)
    try {
      await probe(session)
      return session
    } catch (error) {
      session.destroy()
      const moved = movedTo(error)
      if (moved === undefined || redirections === REDIRECTIONS_MAX) throw error
      address = moved.host === '' ? { host: addressOf(location.url).host, port: moved.port } : moved
    }
  }
}

async function open(
  location: StoreLocation,
  address: StoreAddress = addressOf(location.url),
): Promise<StoreSession> {
  // Loaded here, because it takes 60 ms, and most servers have no store.
  const { createClient } = await import('@redis/client')
  const client = createClient(optionsOf(location, address))
  const ended = new Promise<Error>((resolve) => {
    // Without a listener, an error would end the process.
    client.on('error', resolve)
    client.on('end', () => resolve(new Error('the connection ended')))
  })
  try {
    await within(client.connect(), CONNECT_MS_MAX)
  } catch (error) {
    client.destroy()
    throw withoutPassword(error, location.url)
  }
  return {
    ended,
    destroy: () => client.destroy(),
    async run({ text, sha1 }, keys, args) {
      const rest = [String(keys.length), ...keys, ...args]
      try {
        return await client.sendCommand(['EVALSHA', sha1, ...rest])
      } catch (error) {
        // The store forgets scripts when it starts again. EVAL makes it remember this one.
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
        return await client.sendCommand(['EVAL', text, ...rest])
      }
    },
  }
}

/** The options of a client that neither connects again nor queues without a connection: the store's link does that. */
function optionsOf({ url, ca }: StoreLocation, { host, port }: StoreAddress) {
  const { protocol, username, password, pathname, hostname } = new URL(url)
  const socket = { host, port, connectTimeout: CONNECT_MS_MAX, reconnectStrategy: false } as const
  // A server name is a DNS name (RFC 6066 section 3). Without one, the certificate must be valid for the address.
  const servername = isIP(bare(hostname)) === 0 ? { servername: hostname } : {}
  return {
    socket: TLS.test(protocol)
      ? { ...socket, ...servername, ...(ca === null ? {} : { ca }), tls: true }
      : socket,
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    database: Number(pathname.slice(1)),
    RESP: 2,
    disableOfflineQueue: true,
    disableClientInfo: true,
    commandsQueueMaxLength: COMMANDS_MAX,
  } satisfies RedisClientOptions<RedisModules, RedisFunctions, RedisScripts, 2>
}

/** An error of a connection, for the log: a server that does not know AUTH answers with the arguments of the command. */
function withoutPassword(error: unknown, url: string): Error {
  const { message } = error instanceof Error ? error : new Error(String(error))
  const password = decodeURIComponent(new URL(url).password)
  return new Error(password === '' ? message : message.replaceAll(password, '[redacted]'))
}

const PORT_DEFAULT = 6379

function addressOf(url: string): StoreAddress {
  const { hostname, port } = new URL(url)
  return { host: bare(hostname), port: port === '' ? PORT_DEFAULT : Number(port) }
}

/** The host of a URL without the brackets of an IPv6 address. */
function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}

function movedTo(error: unknown): StoreAddress | undefined {
  const [, host, port] = (error instanceof Error && MOVED.exec(error.message)) || []
  return host === undefined ? undefined : { host, port: Number(port) }
}
