import { createTransport, type NodemailerError } from 'nodemailer'
import type { MailAddress, SmtpConfig } from '../config/config.ts'
import type { Mail } from './mail.ts'

/** Time for the name lookup, the connection, its greeting and its TLS handshake together. */
const CONNECT_MS_MAX = 15_000
/** Time without any byte from the server. */
const SILENCE_MS_MAX = 30_000
/** A connection waits this long for another mail. Many servers end an idle one after some minutes. */
const IDLE_MS_MAX = 10_000
const MAILS_PER_CONNECTION_MAX = 100
const REPLY_BYTES_MAX = 16_384
const REASON_CHARS_MAX = 300

/** A failed attempt to send a mail. */
export interface SendFailure {
  /** Whether the server refused the mail for good, so that another attempt would be refused too. */
  readonly isFinal: boolean
  /** For the log. Of the server's reply it has only the codes: a reply can quote the address and the text. */
  readonly reason: string
}

export interface SmtpTransport {
  /** Makes one attempt. @returns null once the server has accepted the mail */
  send(mail: Mail, signal: AbortSignal): Promise<SendFailure | null>
  /** Ends all connections, also those that send. */
  close(): void
}

/** @param connectionsMax how many connections are open at a time */
export function openSmtpTransport(
  { host, port, encryption, isLocal, credentials }: SmtpConfig,
  from: MailAddress,
  connectionsMax: number,
): SmtpTransport {
  const transport = createTransport({
    pool: true,
    host,
    port,
    secure: encryption === 'tls',
    requireTLS: encryption === 'starttls' && !isLocal,
    tls: { rejectUnauthorized: !isLocal },
    // Without `forceAuth`, mails would go to a server that offers no authentication, and to nobody who was authenticated.
    ...(credentials === null
      ? {}
      : { auth: { user: credentials.user, pass: credentials.password }, forceAuth: true }),
    maxConnections: connectionsMax,
    maxMessages: MAILS_PER_CONNECTION_MAX,
    // A connection that the server has just closed as idle is replaced at once.
    maxRequeues: 1,
    idleTimeout: IDLE_MS_MAX,
    connectionTimeout: CONNECT_MS_MAX,
    dnsTimeout: CONNECT_MS_MAX,
    greetingTimeout: CONNECT_MS_MAX,
    socketTimeout: SILENCE_MS_MAX,
    socketCloseTimeout: 0,
    maxResponseSize: REPLY_BYTES_MAX,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send({ to, subject, text }, signal) {
      try {
        await transport.sendMail({
          // Objects, because a text is parsed and can list several addresses.
          from: { name: from.name, address: from.address },
          to: { name: '', address: to },
          subject,
          text,
          // So that no absence note answers (RFC 3834 section 5).
          headers: { 'Auto-Submitted': 'auto-generated' },
          signal,
        })
        return null
      } catch (error) {
        return failureOf(error as NodemailerError)
      }
    },
    close() {
      transport.close({ force: true })
    },
  }
}

function failureOf({ code, message, permanent, response }: NodemailerError): SendFailure {
  const isFinal = permanent === true
  if (response === undefined || response === '') {
    const line = message.replace(/\s+/g, ' ').slice(0, REASON_CHARS_MAX)
    return { isFinal, reason: `${code ?? 'error'}: ${line}` }
  }
  // A reply code (RFC 5321 section 4.2) and often an enhanced status code (RFC 3463 section 2).
  const [, reply = 'unreadable', status] =
    /^(\d{3})(?:[ -](\d\.\d{1,3}\.\d{1,3})(?!\S))?/.exec(response) ?? []
  return { isFinal, reason: `${code ?? 'error'}: reply ${[reply, status].filter(Boolean).join(' ')}` }
}
