import { Problem } from '@sallyport/core'

/** The problem that an operation throws. */
export async function problemOf(operation: Promise<unknown>): Promise<Problem> {
  try {
    await operation
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('The operation did not throw.')
}

/** The code of the problem that an operation throws. */
export async function codeOf(operation: Promise<unknown>): Promise<string> {
  return (await problemOf(operation)).code
}
