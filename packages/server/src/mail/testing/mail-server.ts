import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server'
import { testCertificate } from './certificate.ts'

/** A mail as a real SMTP server has received it. */
export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  /** The user who authenticated, or null. */
  readonly user: string | null
  readonly isEncrypted: boolean
  /** Everything, with headers. */
  readonly source: string
  /** The value of a header, decoded and in one line; undefined if there is none. */
  header(name: string): string | undefined
  readonly text: string
}

export interface MailServer extends AsyncDisposable {
  readonly port: number
  /** All mails so far. */
  readonly mails: readonly ReceivedMail[]
  /** How many connections were opened. */
  readonly connections: () => number
  /** Waits until at least that many mails have arrived. */
  received(count: number): Promise<readonly ReceivedMail[]>
}

const POLL_MS = 5
const CERTIFICATE = testCertificate('127.0.0.1')

/** Starts an SMTP server on a free port of this machine. It asks for no authentication unless the options do. */
export async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const mails: ReceivedMail[] = []
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: false,
    closeTimeout: 1,
    ...CERTIFICATE,
    onData: (stream, session, done) => {
      // A client that is stopped within a mail has not sent it.
      void text(stream)
        .then(
          (source) => mails.push(receivedMail(source, session)),
          () => undefined,
        )
        .finally(done)
    },
    ...options,
  })
  let connections = 0
  server.server.on('connection', (_socket: Socket) => (connections += 1))
  // A client that does not trust the certificate ends the connection.
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    connections: () => connections,
    async received(count) {
      while (mails.length < count) await sleep(POLL_MS)
      return mails
    },
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function receivedMail(source: string, { envelope, user, secure }: SMTPServerSession): ReceivedMail {
  return {
    from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
    to: envelope.rcptTo.map(({ address }) => address),
    user: typeof user === 'string' ? user : null,
    isEncrypted: secure,
    source,
    header: (name) => headerOf(source, name),
    text: bodyOf(source),
  }
}

/** RFC 5322 section 2.2.3 and RFC 2047 section 4. */
function headerOf(source: string, name: string): string | undefined {
  const [head = ''] = source.split('\r\n\r\n')
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')
  const line = lines.find((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}:`))
  return line
    ?.slice(name.length + 1)
    .trim()
    .replace(/\?= =\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_all, form: string, content: string) =>
      form.toLowerCase() === 'b'
        ? Buffer.from(content, 'base64').toString()
        : quotedPrintable(content.replaceAll('_', ' ')),
    )
}

function bodyOf(source: string): string {
  const body = source.slice(source.indexOf('\r\n\r\n') + 4).replaceAll('\r\n', '\n')
  switch (headerOf(source, 'content-transfer-encoding')?.toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64').toString()
    case 'quoted-printable':
      return quotedPrintable(body)
    default:
      return body
  }
}

/** RFC 2045 section 6.7. */
function quotedPrintable(content: string): string {
  const bytes = content
    .replace(/=\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_all, code: string) => String.fromCharCode(parseInt(code, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}
