import { z } from 'zod'

/** Every refusal and failure (RFC 9457). */
export const problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string().describe('The stable name of the problem.'),
})
