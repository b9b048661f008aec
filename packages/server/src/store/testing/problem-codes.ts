import { Problem, type ProblemCode } from '@sallyport/core'

/** The code of the problem that the work ends with; fails when it ends well or with anything else. */
export async function refusalOf(work: Promise<unknown>): Promise<ProblemCode> {
  return (await problemOf(work)).code
}

/** The problem that the work ends with. */
export async function problemOf(work: Promise<unknown>): Promise<Problem> {
  try {
    await work
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('This should have been refused')
}
