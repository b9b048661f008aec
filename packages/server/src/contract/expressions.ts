import { EXPRESSION_CHARS_MAX } from '@sallyport/core'
import { z } from 'zod'

/** How many expressions one request evaluates. */
const EXPRESSIONS_MAX = 50
const STATUS_MIN = 200
const STATUS_MAX = 599

const texts = z.record(z.string(), z.string())
const repeatableTexts = z.record(z.string(), z.union([z.string(), z.array(z.string())]))

/** A sample of the message that the steps of a pipeline read. What is left out is as in a request without it. */
const sampleMessage = z.strictObject({
  method: z.string().optional().describe('Default: `GET`.'),
  path: z.string().optional().describe('The path within the environment. Default: `/`.'),
  params: texts.optional().describe('The path parameters, decoded.'),
  query: repeatableTexts.optional().describe('The query; a list for a name that occurs more than once.'),
  headers: repeatableTexts
    .optional()
    .describe('The headers by name; a list for one with several lines. Names are made lower case.'),
  body: z.unknown().optional().describe('The body as JSON. Default: null, as without a body.'),
  auth: z
    .strictObject({
      consumer: z.string().nullable().optional().describe('The name of the consumer.'),
      consumerId: z.string().nullable().optional().describe('The id of the consumer.'),
      key: z.string().nullable().optional().describe('The id of the API key.'),
      claims: z.record(z.string(), z.unknown()).nullable().optional().describe('The claims of the JWT.'),
      labels: texts.optional().describe('The labels of the caller.'),
    })
    .optional()
    .describe('The caller. Default: null for each field, and no labels.'),
  status: z.int().min(STATUS_MIN).max(STATUS_MAX).optional().describe('Default: 200.'),
})

export const expressionEvaluation = z.strictObject({
  expressions: z
    .array(z.string().min(1, 'An expression must not be empty.').max(EXPRESSION_CHARS_MAX))
    .min(1)
    .max(EXPRESSIONS_MAX)
    .describe('JSONata expressions, which share the time and the size that one step has.'),
  message: sampleMessage.optional().describe('The message that the expressions read.'),
})

export const expressionResults = z.object({
  results: z
    .array(
      z.object({
        value: z.unknown().optional().describe('The value; left out if the expression has no value.'),
      }),
    )
    .nullable()
    .describe('One result for each expression, in their order; null if one of them failed.'),
  failure: z
    .object({
      place: z.string().describe('A JSON Pointer to the expression that failed, such as `/expressions/0`.'),
      reason: z
        .enum(['error', 'timeout', 'memory', 'too_large', 'number', 'value'])
        .describe('The reason that `step_failed` would have.'),
      detail: z.string().describe('What happened. It never has parts of the message.'),
    })
    .nullable()
    .describe('Why a step with these expressions would fail; null if it would not.'),
})
