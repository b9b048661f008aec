import type { Schema } from './schema-type.ts'

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly description?: string
  readonly schema: Schema
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>

interface DocumentedOperation {
  readonly operationId?: string
  readonly summary: string
  readonly description?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}

export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>
}

/** How the answer of an operation reaches its caller. */
export type AnswerKind = 'json' | 'list' | 'file' | 'none'

/** An operation as the client needs it. */
export interface Operation {
  readonly id: string
  readonly method: string
  /** With parameters in braces. */
  readonly path: string
  readonly summary: string
  readonly description: string
  readonly pathParameters: readonly Parameter[]
  readonly queryParameters: readonly Parameter[]
  /** Whether a repeated request can be told from a new one. */
  readonly hasIdempotencyKey: boolean
  /** The body as JSON; undefined for none, or for a file. */
  readonly body: Schema | undefined
  /** The media types of a file that is sent; empty for another body, or none. */
  readonly sentFile: readonly string[]
  readonly answer: AnswerKind
  /** The answer as JSON. */
  readonly answerSchema: Schema | undefined
  /** The media types of a file that is received; empty for another answer. */
  readonly receivedFile: readonly string[]
  /** Whether the answer is a file only if the caller asks for one of its media types. */
  readonly mustAccept: boolean
}

const JSON_TYPE = 'application/json'

/** The operations of an OpenAPI document, in its order. Those that only a browser is sent to are left out. */
export function operationsOf({ paths }: OpenApiDocument): readonly Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, documented]) => {
      const operation = operationOf(method.toUpperCase(), path, documented)
      return operation === undefined ? [] : [operation, ...exportsOf(operation, documented)]
    }),
  )
}

function operationOf(
  method: string,
  path: string,
  {
    operationId: id,
    summary,
    description = '',
    parameters = [],
    requestBody,
    responses,
  }: DocumentedOperation,
): Operation | undefined {
  const success = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1]
  if (id === undefined || success === undefined) return undefined
  const sent = requestBody?.content ?? {}
  const received = success.content ?? {}
  const answerSchema = received[JSON_TYPE]?.schema
  const queryParameters = parameters.filter((parameter) => parameter.in === 'query')
  const isList =
    answerSchema?.properties?.['items'] !== undefined && answerSchema.properties['next'] !== undefined
  return {
    id,
    method,
    path,
    summary,
    description,
    pathParameters: parameters.filter((parameter) => parameter.in === 'path'),
    queryParameters,
    hasIdempotencyKey: parameters.some(({ name }) => name === 'idempotency-key'),
    body: sent[JSON_TYPE]?.schema,
    sentFile: sent[JSON_TYPE] === undefined ? Object.keys(sent) : [],
    answer: isList ? 'list' : answerKindOf(received),
    answerSchema,
    receivedFile: answerSchema === undefined ? Object.keys(received) : [],
    mustAccept: false,
  }
}

/** A list that is also given as a file is a second operation: `exportThings` beside `listThings`. */
function exportsOf(list: Operation, { responses }: DocumentedOperation): readonly Operation[] {
  const files = Object.keys(responses['200']?.content ?? {}).filter((type) => type !== JSON_TYPE)
  if (list.answer !== 'list' || files.length === 0) return []
  return [
    {
      ...list,
      id: list.id.replace(/^list/, 'export'),
      summary: 'The same list as a file',
      queryParameters: list.queryParameters.filter(({ name }) => name !== 'limit' && name !== 'cursor'),
      answer: 'file',
      answerSchema: undefined,
      receivedFile: files,
      mustAccept: true,
    },
  ]
}

function answerKindOf(received: Content): AnswerKind {
  if (received[JSON_TYPE] !== undefined) return 'json'
  return Object.keys(received).length > 0 ? 'file' : 'none'
}
