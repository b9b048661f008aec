import type { SignInProviderConfig } from './config.ts'
import { isLoopback } from '../address/loopback.ts'
import { HOST_NAME, parseList, quoted, SettingError } from './setting-values.ts'

const PROVIDERS_MAX = 20
const TEXT_CHARS_MAX = 512
const NAME_CHARS_MAX = 64
const SCOPES_MAX = 20
const SCOPES_DEFAULT: readonly string[] = ['openid', 'email', 'profile']
const ID = /^[a-z][a-z0-9-]{0,38}$/
/** RFC 6749 appendices A.1 and A.2. */
const CREDENTIAL = /^[ -~]+$/
/** One scope: RFC 6749 section 3.3. */
const SCOPE = /^[!#-[\]-~]{1,128}$/
const MEMBERS: readonly string[] = ['id', 'name', 'issuer', 'clientId', 'clientSecret', 'scopes']
const FORM = '{"id", "name", "issuer", "clientId", "clientSecret", "scopes"}'

/**
 * Parses the OpenID Connect providers, a JSON array. The error covers every problem, and no text of a client secret.
 *
 * @throws SettingError
 */
export function parseSignInProviders(text: string): readonly SignInProviderConfig[] {
  const entries = parsedJson(text)
  if (!Array.isArray(entries) || entries.length > PROVIDERS_MAX) {
    throw new SettingError(`The value is not a JSON array of at most ${PROVIDERS_MAX} providers ${FORM}.`)
  }
  const problems: string[] = []
  const ids = new Set<string>()
  const providers = entries.map((entry: unknown, index) => {
    const report = (problem: string): void => void problems.push(`Provider ${index + 1}: ${problem}`)
    const provider = parseProvider(entry, report)
    if (provider.id !== '' && ids.has(provider.id)) {
      report(`the id ${quoted(provider.id)} is used already. Give each provider its own.`)
    }
    ids.add(provider.id)
    return provider
  })
  if (problems.length > 0) throw new SettingError(...problems)
  return providers
}

/** @throws SettingError */
export function parseSignUpDomains(text: string): readonly string[] {
  return parseList(text, (entry) => {
    if (!HOST_NAME.test(entry)) {
      throw new SettingError(
        `${quoted(entry)} is not a domain. Use the part of an e-mail address after the "@", such as example.com.`,
      )
    }
    return entry.toLowerCase()
  })
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The message of the error quotes the text, and so perhaps a secret.
    throw new SettingError(`The value is not JSON. Use an array of providers ${FORM}.`)
  }
}

type Report = (problem: string) => void

/** @param report is called with each problem; the returned provider is of use only if there is none */
function parseProvider(entry: unknown, report: Report): SignInProviderConfig {
  const members = (typeof entry === 'object' && entry !== null ? entry : {}) as Readonly<
    Record<string, unknown>
  >
  const text = (member: string): string => {
    const value = members[member]
    return typeof value === 'string' ? value : ''
  }
  const unknown = Object.keys(members).filter((member) => !MEMBERS.includes(member))
  if (unknown.length > 0) report(`it has unknown members, ${quoted(unknown.join(', '))}. Use ${FORM}.`)
  const [id, name, clientId, clientSecret] = [
    text('id'),
    text('name').trim(),
    text('clientId'),
    text('clientSecret'),
  ]
  if (!ID.test(id)) {
    report('the id must have 1 to 39 lower-case letters, digits and hyphens, and start with a letter.')
  }
  if (name === '' || name.length > NAME_CHARS_MAX || /\p{Cc}/u.test(name)) {
    report(`the name must have 1 to ${NAME_CHARS_MAX} characters.`)
  }
  if (!isCredential(clientId)) report(`the clientId must have 1 to ${TEXT_CHARS_MAX} ASCII characters.`)
  if (!isCredential(clientSecret)) {
    report(`the clientSecret must have 1 to ${TEXT_CHARS_MAX} ASCII characters.`)
  }
  return {
    id,
    name,
    issuer: parseIssuer(text('issuer'), report),
    clientId,
    clientSecret,
    scopes: parseScopes(members['scopes'], report),
  }
}

function isCredential(text: string): boolean {
  return text.length <= TEXT_CHARS_MAX && CREDENTIAL.test(text)
}

/** An issuer identifier: OpenID Connect Discovery 1.0 section 3. */
function parseIssuer(text: string, report: Report): string {
  const url = text.length <= TEXT_CHARS_MAX ? URL.parse(text) : null
  if (url === null || /[?#@]/.test(text) || !/^https?:$/.test(url.protocol)) {
    report('the issuer must be an https:// URL without user, query and fragment.')
  } else if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    report('the issuer must be an https:// URL. Only on this machine, http:// is safe.')
  }
  return text
}

function parseScopes(value: unknown, report: Report): readonly string[] {
  if (value === undefined) return SCOPES_DEFAULT
  const isList =
    Array.isArray(value) &&
    value.length <= SCOPES_MAX &&
    value.every((scope) => typeof scope === 'string' && SCOPE.test(scope))
  if (!isList) {
    report(`the scopes must be an array of at most ${SCOPES_MAX} scopes, such as ["openid", "email"].`)
    return SCOPES_DEFAULT
  }
  // Without this scope there is no ID token (OpenID Connect Core 1.0 section 3.1.2.1).
  return [...new Set(['openid', ...(value as readonly string[])])]
}
