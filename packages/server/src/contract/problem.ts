import { z } from 'zod'

/** The response to every refused or failed request (RFC 9457). */
export const problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string().describe('The stable code of the problem.'),
})
