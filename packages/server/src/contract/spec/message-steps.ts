import type { AssertStep, RespondStep, TransformStep } from '@sallyport/core'
import { z } from 'zod'
import { expression } from './expression.ts'
import { headerExpressions, headerFields } from './header-fields.ts'

const DETAIL_CHARS_MAX = 500
/** The final statuses (RFC 9110 section 15); a pipeline cannot respond with an interim one. */
const STATUS_MIN = 200
const STATUS_MAX = 599
const STATUS = `A status is a whole number from ${STATUS_MIN} to ${STATUS_MAX}.`
/** The same form as Sallyport's own problem codes. */
const CODE = /^[a-z][a-z0-9_]{0,63}$/
/** Statuses whose responses have no body (RFC 9110 sections 15.3.5, 15.3.6 and 15.4.5). */
const STATUSES_WITHOUT_BODY: readonly number[] = [204, 205, 304]

const answerStatus = z.int(STATUS).min(STATUS_MIN, STATUS).max(STATUS_MAX, STATUS)

export const transform = z
  .strictObject({
    body: expression.optional().describe('An expression for the body.'),
    headers: headerExpressions.optional().describe('Headers to set, by name, each with an expression.'),
    status: z
      .union([answerStatus, expression], 'A status is a whole number from 200 to 599, or an expression.')
      .optional()
      .describe('The status of the response: a number, or an expression.'),
  })
  .refine(
    ({ body, headers, status }) =>
      body !== undefined || status !== undefined || Object.keys(headers ?? {}).length > 0,
    'A transform must set body, headers or status.',
  )
  .meta({ minProperties: 1 })
  .transform(({ body, headers, status }): TransformStep => ({
    kind: 'transform',
    body: body ?? null,
    headers: headers ?? {},
    status: status === undefined ? null : String(status),
  }))

export const assertion = z
  .strictObject({
    that: expression.describe('An expression; any result except `true` ends the pipeline.'),
    status: z
      .int('A status is a whole number from 400 to 599.')
      .min(400, 'A problem has a status from 400 to 599.')
      .max(599, 'A problem has a status from 400 to 599.')
      .describe('The HTTP status of the problem.'),
    code: z
      .string()
      .regex(
        CODE,
        'A code has 1 to 64 characters of a-z, 0-9 and "_", and starts with a letter, such as order_unknown.',
      )
      .describe('The code of the problem.'),
    detail: z
      .string()
      .min(1, 'Tell the caller what to do.')
      .max(DETAIL_CHARS_MAX)
      .describe('A sentence for the caller.'),
  })
  .transform((step): AssertStep => ({ kind: 'assert', ...step }))

export const respond = z
  .strictObject({
    status: answerStatus.optional().describe("Default: the message's status."),
    headers: headerFields.default({}).describe('Headers of the response, by name.'),
    body: z.unknown().optional().describe("Default: the message's body."),
  })
  .superRefine(({ status, body }, check) => {
    if (status === undefined || body === undefined || body === null) return
    if (!STATUSES_WITHOUT_BODY.includes(status)) return
    check.addIssue({
      code: 'custom',
      path: ['body'],
      message: `A response with status ${status} has no body.`,
    })
  })
  .transform(({ status, headers, body }): RespondStep => ({
    kind: 'respond',
    status: status ?? null,
    headers,
    // JSON has no undefined: the field would disappear when the spec is stored.
    ...(body === undefined ? {} : { body }),
  }))
