import type { Example, ExampleValue } from './operations/operation-text.ts'
import { pathParameter } from './path-parameters.ts'

/** Longer lines are broken where they can be: the page shows about this many characters of a line. */
const LINE_CHARS_MAX = 56

/** Where the commands keep the cookie of a session. */
const COOKIE_FILE = '~/.sallyport-cookies'

/** Variables that the introduction explains. */
const KNOWN_VARIABLES: readonly string[] = ['SALLYPORT_URL', 'SALLYPORT_TOKEN', 'SALLYPORT_SETUP_TOKEN']

/** An operation's request without the values of its example. */
export interface RequestShape {
  readonly method: string
  /** Its path in the document, with parameters in braces. */
  readonly path: string
  /** What the caller sends to be let in. */
  readonly credential: 'key' | 'session' | 'none'
}

/**
 * Renders an example as a curl command that works when pasted into bash.
 *
 * @param sourceOf where the value of a variable comes from, in a few words
 * @throws Error if a path parameter has no value, or a value has no parameter
 */
export function curlCommand(
  { method, path, credential }: RequestShape,
  example: Example,
  sourceOf: (variable: string) => string,
): string {
  const url = `"$SALLYPORT_URL${filledPath(path, example.path ?? {})}${queryText(example.query ?? {})}"`
  const start = method === 'get' ? 'curl' : `curl -X ${method.toUpperCase()}`
  const fits = method === 'get' || start.length + 1 + url.length <= LINE_CHARS_MAX
  const command = [
    ...(fits ? [`${start} ${url}`] : [start, url]),
    ...(credential === 'key' ? ['-H "Authorization: Bearer $SALLYPORT_TOKEN"'] : []),
    ...(credential === 'session' ? [`-b ${COOKIE_FILE}`] : []),
    ...(example.keepsCookies === true ? [`-c ${COOKIE_FILE}`] : []),
    ...(example.body === undefined
      ? []
      : [`-H 'Content-Type: application/json'`, `-d ${quotedJson(example.body)}`]),
    ...(example.file === undefined
      ? []
      : [`-H 'Content-Type: ${example.file.mediaType}'`, `--data-binary '${example.file.text}'`]),
  ].join(' \\\n  ')
  const explained = variablesOf(command).filter((name) => !KNOWN_VARIABLES.includes(name))
  return [...explained.map((name) => `# ${name}: ${sourceOf(name)}`), command].join('\n')
}

/** The shell variables in a command, each once. */
export function variablesOf(command: string): string[] {
  return [...new Set([...command.matchAll(/\$([A-Z][A-Z_]*)/g)].map(([, name = '']) => name))]
}

function filledPath(path: string, values: Readonly<Record<string, string>>): string {
  const unused = new Set(Object.keys(values))
  const filled = path.replaceAll(/\{(\w+)\}/g, (_text, name: string) => {
    const value = values[name] ?? pathParameter(name)?.value
    if (value === undefined) throw new Error(`The example of ${path} has no value for "${name}".`)
    unused.delete(name)
    return value
  })
  if (unused.size > 0) throw new Error(`${path} has no parameter "${[...unused].join('", "')}".`)
  return filled
}

function queryText(query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

/** JSON in single quotes. They end where a variable begins, so that the shell fills it in. */
function quotedJson(body: ExampleValue): string {
  const json = jsonText(body, '  ', 6).replaceAll("'", String.raw`'\''`)
  return `'${json.replaceAll(/"\$([A-Z_]+)"/g, `"'"$$$1"'"`)}'`
}

/**
 * JSON with each object and array on one line where it fits, and one member a line where it does not.
 *
 * @param columns how far the line is filled already
 */
function jsonText(value: ExampleValue, indent: string, columns: number): string {
  const oneLine = jsonLine(value)
  if (typeof value !== 'object' || columns + oneLine.length <= LINE_CHARS_MAX) return oneLine
  const inner = `${indent}  `
  const members = membersOf(value).map(([label, member]) => {
    return `${inner}${label}${jsonText(member, inner, inner.length + label.length)}`
  })
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  return `${open}\n${members.join(',\n')}\n${indent}${close}`
}

function jsonLine(value: ExampleValue): string {
  if (typeof value !== 'object') return JSON.stringify(value)
  const members = membersOf(value).map(([label, member]) => `${label}${jsonLine(member)}`)
  return Array.isArray(value) ? `[${members.join(', ')}]` : `{ ${members.join(', ')} }`
}

/** The members of an object or array, each with what precedes its value in JSON. */
function membersOf(value: ExampleValue & object): (readonly [label: string, member: ExampleValue])[] {
  return Object.entries(value).map(([name, member]: [string, ExampleValue]) => [
    Array.isArray(value) ? '' : `${JSON.stringify(name)}: `,
    member,
  ])
}
