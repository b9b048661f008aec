/** One invalid setting. */
export interface SettingProblem {
  /** The environment variable. */
  readonly variable: string
  /** What is wrong and how to correct it; never the value of a secret setting. */
  readonly message: string
}

/** All invalid settings at once, so that the operator can correct them together. */
export class ConfigError extends Error {
  readonly problems: readonly SettingProblem[]

  constructor(problems: readonly SettingProblem[]) {
    const lines = problems.map(({ variable, message }) => `  ${variable}: ${message}`)
    super(['Sallyport cannot start. Correct these settings and start it again:', ...lines].join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}
