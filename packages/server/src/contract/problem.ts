import { z } from 'zod'

/** The response to every refused or failed request (RFC 9457). */
export const problem = z.looseObject({
  type: z.string().describe('A URI that identifies the problem.'),
  title: z.string().describe('What happened, in the same words for each problem of this code.'),
  status: z.int().describe('The HTTP status of the response.'),
  detail: z.string().describe('What happened in this case, and what to do next. The wording can change.'),
  code: z.string().describe('The stable code of the problem.'),
})
