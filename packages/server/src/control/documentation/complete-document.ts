import type { ApiDocument, ApiOperation, ApiParameter, JsonSchema } from './api-document.ts'
import { curlCommand } from './curl-command.ts'
import type { Example, OperationText, OperationTexts } from './operations/operation-text.ts'
import { pathParameter } from './path-parameters.ts'

/** What a status means for every operation that says nothing more precise. */
const STATUS_DESCRIPTIONS: Readonly<Record<string, string>> = {
  200: 'The request succeeded.',
  201: 'The resource was created.',
  204: 'The request succeeded.',
  503: 'The server is not ready.',
}

/** The error responses of every operation, which the document holds once. */
const PROBLEM_STATUSES: Readonly<Record<string, readonly [name: string, description: string]>> = {
  '4XX': ['Refused', 'The request is refused: a problem (RFC 9457).'],
  '5XX': ['Failed', 'The server failed: a problem (RFC 9457). Try again later.'],
}

/** Formats that say the same as the pattern beside them, in a word instead of a line of regular expression. */
const FORMATS: ReadonlySet<unknown> = new Set(['date-time', 'ipv4', 'ipv6'])

/** Bounds that only say that an integer is one that a JavaScript number can hold. */
const SAFE_BOUNDS: ReadonlySet<unknown> = new Set([Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER])

/** Adds the descriptions and examples to a document that was collected from the routes. */
export function completeDocument(document: ApiDocument, texts: OperationTexts): ApiDocument {
  const sources = variableSources(document, texts)
  const problems: Record<string, unknown> = {}
  const paths = mapOperations(document.paths, (operation, method, path) => {
    const text = texts[operation.operationId]
    const described = text === undefined ? operation : withText(operation, method, path, text, sources)
    const responses = Object.entries(described.responses).map(([status, response]) => {
      const problem = PROBLEM_STATUSES[status]
      if (problem === undefined) return [status, response]
      const [name, description] = problem
      problems[name] ??= { ...response, description }
      return [status, { $ref: `#/components/responses/${name}` }]
    })
    return { ...described, responses: Object.fromEntries(responses) as ApiOperation['responses'] }
  })
  return withReadableSchemas({
    ...document,
    components: { ...document.components, responses: problems },
    paths,
  })
}

function withText(
  operation: ApiOperation,
  method: string,
  path: string,
  text: OperationText,
  sources: ReadonlyMap<string, string>,
): ApiOperation {
  const { operationId, summary, parameters, requestBody, responses, ...rest } = operation
  const source = curlCommand(
    { method, path, credential: credentialOf(operation) },
    text.example,
    (variable) => sources.get(variable) ?? 'your value',
  )
  return {
    operationId,
    summary,
    description: `${text.description}${repetitionSentence(method, operation)}${permissionSentence(text.permissions)}`,
    ...rest,
    ...(parameters === undefined
      ? {}
      : { parameters: parameters.map((parameter) => withParameterText(parameter, text)) }),
    ...(requestBody === undefined ? {} : { requestBody: withExample(requestBody, text.example) }),
    responses: withAnswers(responses, text.answers ?? {}),
    'x-codeSamples': [{ lang: 'Shell', label: 'curl', source }],
  } as ApiOperation
}

/** The credentials of the document that are cookies. */
const COOKIES = ['session', 'portalSession'] as const

/** What the example of an operation sends: its key, unless only the cookie of a session or nothing is accepted. */
function credentialOf({ security }: ApiOperation): 'key' | 'session' | 'none' {
  if (security === undefined) return 'key'
  return security.some((alternative) => COOKIES.some((name) => name in alternative)) ? 'session' : 'none'
}

function permissionSentence(permissions: readonly string[]): string {
  if (permissions.length === 0) return ''
  const names = permissions.map((permission) => `\`${permission}\``).join(' and ')
  return `\n\nRequires ${names}.`
}

/** Says of a POST that repeats what it does: a sign-in, a step of one, or a set-up of what signs in. */
function repetitionSentence(method: string, { parameters = [] }: ApiOperation): string {
  if (method !== 'post' || parameters.some(({ name }) => name === 'idempotency-key')) return ''
  return ' It takes no `Idempotency-Key`: a repeated request is a new one.'
}

/** Adds the example to a body. A body whose schema allows null can be left out, so the document says that instead. */
function withExample(
  body: NonNullable<ApiOperation['requestBody']>,
  { body: example, file }: Example,
): NonNullable<ApiOperation['requestBody']> {
  const media = Object.entries(body.content)
  const isOptional = media.some(([, { schema }]) => schema.anyOf?.some(isNull))
  return {
    required: !isOptional,
    content: Object.fromEntries(
      media.map(([type, { schema }]) => [
        type,
        {
          schema: withoutNull(schema),
          ...(example === undefined ? {} : { example }),
          ...(file?.mediaType === type && { example: file.text }),
        },
      ]),
    ),
  }
}

function isNull({ type }: JsonSchema): boolean {
  return type === 'null'
}

function withoutNull(schema: JsonSchema): JsonSchema {
  const [only, ...others] = schema.anyOf?.filter((alternative) => !isNull(alternative)) ?? []
  return only === undefined || others.length > 0 ? schema : only
}

function withParameterText(parameter: ApiParameter, text: OperationText): ApiParameter {
  if (parameter.in !== 'path') return parameter
  const description = text.parameters?.[parameter.name] ?? pathParameter(parameter.name)?.description
  return description === undefined ? parameter : { ...parameter, description }
}

function withAnswers(
  responses: ApiOperation['responses'],
  answers: Readonly<Record<string, string>>,
): ApiOperation['responses'] {
  return Object.fromEntries(
    Object.entries(responses).map(([status, response]) => {
      const description = answers[status] ?? STATUS_DESCRIPTIONS[status] ?? response.description
      return [status, { ...response, description }]
    }),
  )
}

/** Where the value of each shell variable comes from: the first operation that saves it. */
function variableSources({ paths }: ApiDocument, texts: OperationTexts): ReadonlyMap<string, string> {
  const summaries = new Map(
    Object.values(paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId, summary }) => [operationId, summary] as const),
    ),
  )
  const sources = new Map<string, string>()
  for (const [operationId, { example }] of Object.entries(texts)) {
    for (const [variable, path] of Object.entries(example.saves ?? {})) {
      if (sources.has(variable)) continue
      sources.set(variable, `${path} from "${summaries.get(operationId) ?? operationId}"`)
    }
  }
  return sources
}

function mapOperations(
  paths: ApiDocument['paths'],
  change: (operation: ApiOperation, method: string, path: string) => ApiOperation,
): ApiDocument['paths'] {
  return Object.fromEntries(
    Object.entries(paths).map(([path, methods]) => [
      path,
      Object.fromEntries(
        Object.entries(methods).map(([method, operation]) => [method, change(operation, method, path)]),
      ),
    ]),
  )
}

/** Copies a part of the document without the details of its schemas that mean nothing to a reader. */
function withReadableSchemas<Part>(part: Part): Part {
  if (typeof part !== 'object' || part === null) return part
  if (Array.isArray(part)) return part.map((item: unknown) => withReadableSchemas(item)) as Part
  const members = Object.entries(part).filter(([name, value]) => {
    if (name === 'pattern') return !('format' in part && FORMATS.has(part.format))
    return !((name === 'minimum' || name === 'maximum') && SAFE_BOUNDS.has(value))
  })
  return Object.fromEntries(members.map(([name, value]) => [name, withReadableSchemas(value)])) as Part
}
