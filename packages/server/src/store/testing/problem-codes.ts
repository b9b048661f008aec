import { Problem, type ProblemCode } from '@sallyport/core'

/** The code of the problem that `work` rejects with; throws if it resolves or rejects with another error. */
export async function refusalOf(work: Promise<unknown>): Promise<ProblemCode> {
  return (await problemOf(work)).code
}

/** The problem that `work` rejects with; throws if it resolves or rejects with another error. */
export async function problemOf(work: Promise<unknown>): Promise<Problem> {
  try {
    await work
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('This should have been rejected with a problem')
}
