import { EMAIL_CHARS_MAX } from '@sallyport/core'
import { isIP } from 'node:net'
import type { MailAddress, SmtpConfig } from './config.ts'
import { isLoopback } from '../address/loopback.ts'
import { HOST_NAME, SettingError } from './setting-values.ts'

/** The ports for submission, without and with TLS from the first byte (RFC 6409 section 3.1, RFC 8314 section 3.3). */
const PORTS = { smtp: 587, smtps: 465 } as const
const URL_CHARS_MAX = 2048
const NAME_CHARS_MAX = 100

/** A dot-string without comments or quotes (RFC 5321 section 4.1.2). */
const LOCAL_PART = /^(?!.{65})[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/

/** @throws SettingError whose message shows no part of the value, which can hold a password */
export function parseSmtpUrl(text: string): SmtpConfig {
  const url = text.length > URL_CHARS_MAX ? null : URL.parse(text)
  const scheme = url === null ? undefined : /^(smtps?):$/.exec(url.protocol)?.[1]
  const host = url?.hostname.replace(/^\[|\]$/g, '') ?? ''
  const isPlain = url !== null && /^\/?$/.test(url.pathname) && url.search === '' && url.hash === ''
  const isHost = isIP(host) !== 0 || HOST_NAME.test(host)
  if (url === null || (scheme !== 'smtp' && scheme !== 'smtps') || !isPlain || !isHost) {
    throw new SettingError(
      'The value is not the URL of an SMTP server. Use smtp://user:password@host:587, ' +
        'or smtps:// for TLS from the first byte, and percent-encode special characters in the user and the password.',
    )
  }
  if (url.port === '0') throw new SettingError('The port is 0. Use the port of the SMTP server, such as 587.')
  return {
    host: host.toLowerCase(),
    port: url.port === '' ? PORTS[scheme] : Number(url.port),
    encryption: scheme === 'smtps' ? 'tls' : 'starttls',
    isLocal: isLoopback(host.toLowerCase()),
    credentials: credentialsOf(url),
  }
}

function credentialsOf(url: URL): SmtpConfig['credentials'] {
  if (url.username === '' && url.password === '') return null
  const [user, password] = [decoded(url.username), decoded(url.password)]
  if (user === '' || password === '') {
    throw new SettingError('The URL has a user or a password, but not both. Give both, or neither.')
  }
  return { user, password }
}

/** A part of the URL without its percent-encoding. SASL has no control characters in it (RFC 4616 section 2). */
function decoded(part: string): string {
  let text = '\0'
  try {
    text = decodeURIComponent(part)
  } catch {
    // Reported below.
  }
  if (/\p{Cc}/u.test(text)) {
    throw new SettingError(
      'The user or the password is not percent-encoded correctly. Write "%" as %25, and other special characters likewise.',
    )
  }
  return text
}

/** @throws SettingError whose message shows no part of the value: it could be the URL of the other setting by mistake */
export function parseMailFrom(text: string): MailAddress {
  const [, name = '', inBrackets] = /^(.*?)\s*<([^<>]*)>$/.exec(text) ?? []
  const address = inBrackets ?? text
  const [local = '', domain = '', ...rest] = address.split('@')
  const isAddress =
    rest.length === 0 && address.length <= EMAIL_CHARS_MAX && LOCAL_PART.test(local) && HOST_NAME.test(domain)
  if (!isAddress || name.length > NAME_CHARS_MAX || /[\p{C}"<>@]/u.test(name)) {
    throw new SettingError(
      'The value is not the sender of a mail. Use a form such as Sallyport <sallyport@example.com>.',
    )
  }
  return { name, address }
}
