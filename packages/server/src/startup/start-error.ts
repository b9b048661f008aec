import type { SettingProblem } from '../config/config-error.ts'

/** Everything known that keeps the server from starting although each setting is valid on its own. */
export class StartError extends Error {
  readonly problems: readonly SettingProblem[]

  constructor(problems: readonly SettingProblem[], options?: ErrorOptions) {
    const lines = problems.map(({ variable, message }) => `  ${variable}: ${message}`)
    super(['Sallyport cannot start:', ...lines].join('\n'), options)
    this.name = 'StartError'
    this.problems = problems
  }
}

/**
 * Settles as the work does, but rejects with a StartError.
 *
 * @param problemOf returns null for an error that no setting corrects, which remains as it is
 */
export async function orStartError<T>(
  work: Promise<T>,
  problemOf: (error: unknown) => SettingProblem | null,
): Promise<T> {
  try {
    return await work
  } catch (error) {
    const problem = problemOf(error)
    throw problem === null ? error : new StartError([problem], { cause: error })
  }
}
