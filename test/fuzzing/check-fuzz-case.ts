import { PROBLEMS } from '@sallyport/core'
import { parseYaml } from '../../packages/server/src/control/yaml-body.ts'
import { canonicalJson } from '../../packages/server/src/store/audit/audit-chain.ts'
import { textAt, type ApiClient, type Json } from '../support/api-client.ts'
import { exchange, type WireAnswer } from './exchange.ts'
import { fuzzed, type FuzzCase, type WireRequest } from './fuzz-cases.ts'
import { OPERATIONS, undocumentedIn, undocumentedInRefusal, type Operation } from './operations.ts'
import { saidOf } from './read-back.ts'
import type { StateMark, StoredState } from './stored-state.ts'
import { PUBLIC_URL, type ValidRequests } from './valid-requests.ts'

/** The most time for a response, in ms, on a machine that is busy with other suites. */
const RESPONSE_MS_MAX = 30_000
const SHOWN_CHARS_MAX = 3000

/** Messages of the schema library that say what is wrong, but not what to do. */
const VAGUE = /^(?:Invalid|Too (?:big|small)|Unrecognized|Expected|Required)\b/

export interface FuzzedServer {
  readonly controlUrl: string
  readonly api: ApiClient
  readonly token: string
  readonly state: StoredState
  readonly requests: ValidRequests
}

/** The ids of all operations, those that change something three times. */
const IDS = [...OPERATIONS.values()].flatMap(({ id, method }) => (method === 'GET' ? [id] : [id, id, id]))

/** Sends a fuzzed request, and checks the response and what was stored. @returns the status; throws for each fault */
export async function checkFuzzCase(server: FuzzedServer, fuzzCase: FuzzCase): Promise<number> {
  const operation = OPERATIONS.get(IDS[fuzzCase.operation % IDS.length] ?? '') as Operation
  const valid = await server.requests.prepare(operation)
  const request = fuzzed(valid, fuzzCase, server.token)
  const { state } = server
  // What imports have written since.
  await state.verifyNewAuditRows()
  const [before, revision] = [await state.mark(), await state.revision()]
  let answer: WireAnswer = { status: 0, head: '', body: '' }
  try {
    answer = await exchange(server.controlUrl, request.bytes, request.isIncomplete, RESPONSE_MS_MAX)
    if (answer.status >= 200 && answer.status < 300) {
      await checkSuccess(server, request, answer, before, revision)
      server.requests.used(operation)
    } else if (answer.status === 304) {
      checkUnmodified(request, answer)
    } else if (answer.status === 303) {
      checkRedirect(answer)
      requireUnchanged(await state.changedSince(before), 'a redirect without a sign-in')
    } else {
      // A caller that ends its connection within a request may get no response.
      if (answer.status !== 0 || !request.isIncomplete) checkRefusal(request, answer)
      requireUnchanged(await state.changedSince(before), 'a refused request')
      requireEqual(await state.revision(), revision, 'a refused request has a revision')
    }
  } catch (cause) {
    const shown = (text: string): string => JSON.stringify(text.slice(0, SHOWN_CHARS_MAX))
    throw new Error(
      `${operation.id} ${JSON.stringify(fuzzCase)}\nsent     ${shown(request.bytes.toString('latin1'))}\nreceived ${shown(`${answer.head}\n\n${answer.body}`)}\n${(cause as Error).message}`,
      { cause },
    )
  }
  return answer.status
}

/** What a caller has already is not sent again. */
function checkUnmodified({ method }: WireRequest, { head, body }: WireAnswer): void {
  requireEqual(['GET', 'HEAD'].includes(method), true, 'only a read is not modified')
  requireEqual(/^etag: "[\w-]+"$/im.test(head), true, 'the answer has an ETag')
  requireEqual(body, '', 'the answer has no body')
}

/** Wherever a request comes from, the browser stays at this server. */
function checkRedirect({ head }: WireAnswer): void {
  const location = /^location: (.*)$/im.exec(head)?.[1] ?? ''
  requireEqual(location, `${PUBLIC_URL}/?error=sign_in_failed`, 'where the browser goes')
}

/** What is no fault of the server above 499: methods and versions of HTTP that it does not have. */
const UNSUPPORTED: ReadonlySet<number> = new Set([501, 505])

function checkRefusal({ method }: WireRequest, { status, head, body }: WireAnswer): void {
  if ((status < 400 || status >= 500) && !UNSUPPORTED.has(status)) throw new Error(`the status is ${status}`)
  requireEqual(
    /^content-type: (.*)$/im.exec(head)?.[1],
    'application/problem+json; charset=utf-8',
    'the type',
  )
  if (!/^x-request-id: \S+$/im.test(head)) throw new Error('there is no x-request-id')
  if (method === 'HEAD') return
  const problem = JSON.parse(body) as Json & { readonly errors?: readonly Json[] }
  const undocumented = undocumentedInRefusal(problem)
  if (undocumented !== '') throw new Error(`the problem is not as documented: ${undocumented}`)
  const known = Object.entries(PROBLEMS).find(([code]) => code === textAt(problem, 'code'))?.[1]
  requireEqual(known?.status, status, 'the status of the code')
  requireEqual(problem['status'], status, 'the status in the problem')
  for (const { message } of problem.errors ?? []) requireHelp(message)
  requireHelp(problem['detail'])
}

function requireHelp(text: unknown): void {
  if (typeof text !== 'string' || text === '' || VAGUE.test(text)) {
    throw new Error(`the text ${JSON.stringify(text)} does not say what to do next`)
  }
}

/** The end of a chunked body and of the chunk before (RFC 9112 section 7.1). */
const LAST_CHUNK = '\r\n0\r\n\r\n'

/** @param changed the tables that a request changed */
function requireUnchanged(changed: readonly string[], request: string): void {
  if (changed.length > 0) throw new Error(`${request} wrote to ${changed.join(', ')}`)
}

/** Whether an answer is a file. The list of audit events is one for a caller that asks for it. */
function isExport({ id }: Operation, head: string): boolean {
  return id === 'exportKeys' || (id === 'listAuditEvents' && !/^content-type: application\/json/im.test(head))
}

/** An export is a read that records itself. */
async function checkExport(state: StoredState, head: string, body: string, before: StateMark): Promise<void> {
  const changed = await state.changedSince(before)
  requireUnchanged(
    changed.filter((table) => table !== 'audit_events'),
    'besides its event, an export',
  )
  requireEqual((await state.verifyNewAuditRows()).length, 1, 'the events of an export')
  const isCsv = /^content-type: text\/csv/im.test(head)
  if (!isCsv && !/^content-type: application\/x-ndjson/im.test(head)) throw new Error('the type is no export')
  const content = body.endsWith(LAST_CHUNK) ? body.slice(0, -LAST_CHUNK.length) : body
  if (!content.endsWith(isCsv ? '\r\n' : '}\n')) throw new Error('the export is incomplete')
}

async function checkSuccess(
  { api, state }: FuzzedServer,
  request: WireRequest,
  { status, head, body }: WireAnswer,
  before: StateMark,
  revision: number,
): Promise<void> {
  if (request.method === 'GET' && isExport(operationAt(request).operation, head)) {
    await checkExport(state, head, body, before)
    return
  }
  const grown = (await state.revision()) - revision
  if (request.method === 'HEAD' || request.method === 'GET') {
    requireUnchanged(await state.changedSince(before), 'a read')
    if (request.method === 'HEAD') return
  }
  const { operation, parameters } = operationAt(request)
  if (status === 204) {
    requireEqual(body, '', 'the body of an empty response')
    return
  }
  const answer = JSON.parse(body) as Json
  const success = operation.successes.get(status)
  if (success === undefined) throw new Error(`the status ${status} is not documented`)
  const undocumented = undocumentedIn(success, answer)
  if (undocumented !== '') throw new Error(`the response is not as documented: ${undocumented}`)
  if (!/^content-type: application\/json/im.test(head)) throw new Error('the type is not JSON')
  // An import goes on after its request was answered.
  const grownMax = operation.id === 'importKeys' ? Infinity : 1
  if (grown < 0 || grown > grownMax) throw new Error(`a request made ${grown} revisions`)
  const audited = await state.verifyNewAuditRows()
  if (grown > 0 && audited.length === 0) throw new Error('a change is not in the audit log')
  const said = saidOf(operation.id, answer, parameters)
  if (said === undefined) return
  const read = await api.call('GET', said.path, undefined, said.headers)
  const stored = said.find(read.body)
  if (said.expected === undefined) {
    requireEqual(stored === undefined || read.status === 404, true, 'a removed resource is still there')
    return
  }
  if (stored === undefined || read.status !== 200)
    throw new Error(`the resource is not there: ${read.status}`)
  for (const [name, value] of Object.entries(said.expected)) {
    if (Object.hasOwn(stored, name)) requireSame(stored[name], value, `${name}, as GET returns it`)
  }
  // An operation without a body ignores what is sent as one.
  const sent = operation.example === undefined ? {} : sentMembers(request)
  for (const [name, value] of Object.entries(sent)) {
    if (Object.hasOwn(stored, name)) requireSaid(name, stored[name], value)
  }
}

/** A fixed path segment takes precedence over a parameter in its place. */
const MOST_PRECISE_FIRST = [...OPERATIONS.values()]
  .toSorted((one, other) => one.path.split('{').length - other.path.split('{').length)
  .map((operation) => ({
    operation,
    pattern: new RegExp(`^${operation.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
  }))

/** The documented operation that a request reached. */
function operationAt({ method, target }: WireRequest): {
  readonly operation: Operation
  readonly parameters: Readonly<Record<string, string>>
} {
  const path = target.split(/[?#]/, 1)[0] ?? ''
  const decoded = decodedSegments(path)
  for (const { operation, pattern } of MOST_PRECISE_FIRST) {
    if (operation.method !== method) continue
    const match = pattern.exec(decoded)
    if (match !== null) return { operation, parameters: { ...match.groups } }
  }
  throw new Error(`${method} ${path} is not documented, but succeeded`)
}

function decodedSegments(path: string): string {
  return path.split('/').map(decodeURIComponent).join('/')
}

/** The members of the body as a reader understands it; none if the request was framed in a way that hides it. */
function sentMembers({ body, type, isPlain }: WireRequest): Readonly<Record<string, unknown>> {
  if (!isPlain || body === undefined || body.length === 0) return {}
  const text = body.toString()
  const value: unknown = type.toLowerCase().includes('yaml') ? parseYaml(text) : JSON.parse(text)
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** Requires what was sent, as far as it is stored as it was sent. */
function requireSaid(name: string, stored: unknown, sent: unknown): void {
  if (sent === undefined) return
  // It says "none": test/fuzzing/null-fields.ts checks what then is stored.
  if (sent === null) return
  const label = `${name}, as it was sent,`
  switch (name) {
    // The spaces at the ends of a title are removed; other names have none.
    case 'name':
    case 'label':
      requireSame(stored, typeof sent === 'string' ? sent.trim() : sent, label)
      break
    case 'expiresAt':
      requireSame(instantOf(stored), instantOf(sent), label)
      break
    case 'roles':
    case 'pipelines':
    case 'ownerMails':
      requireSame([...new Set(stored as string[])].sort(), [...new Set(sent as string[])].sort(), label)
      break
    case 'rateLimits':
      requireSame(
        stored,
        (sent as Json[]).map((limit, index) =>
          // Those of a plan have a scope, and all others say what they count by.
          'scope' in ((stored as object[])[index] ?? {})
            ? { ...limit, scope: limit['scope'] ?? 'environment' }
            : { ...limit, by: limit['by'] ?? 'credential' },
        ),
        label,
      )
      break
    case 'audience':
      requireSame(stored, typeof sent === 'string' ? [sent] : sent, label)
      break
    // Stored in a form of their own.
    case 'addressRules':
    case 'jwks':
    case 'version':
      break
    default:
      requireSame(stored, withoutNulls(sent, stored), label)
  }
}

/** What was sent, without members that are null for none and therefore not stored. */
function withoutNulls(sent: unknown, stored: unknown): unknown {
  if (typeof sent !== 'object' || sent === null || typeof stored !== 'object' || stored === null) return sent
  if (Array.isArray(sent))
    return sent.map((item: unknown, index) => withoutNulls(item, (stored as unknown[])[index]))
  const members = Object.entries(sent).filter(
    ([name, value]) => value !== null || Object.hasOwn(stored, name),
  )
  return Object.fromEntries(
    members.map(([name, value]) => [name, withoutNulls(value, (stored as Json)[name])]),
  )
}

function instantOf(value: unknown): number | null {
  return typeof value === 'string' ? Date.parse(value) : null
}

function requireSame(actual: unknown, expected: unknown, what: string): void {
  requireEqual(canonicalJson(actual), canonicalJson(expected), what)
}

function requireEqual(actual: unknown, expected: unknown, what: string): void {
  if (actual !== expected) throw new Error(`${what}: ${String(actual)} instead of ${String(expected)}`)
}
