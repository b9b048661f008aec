/** One setting that cannot be used as it is. */
export interface SettingProblem {
  /** The name of the variable. */
  readonly variable: string
  /** What is wrong and what is expected; never the value of a secret setting. */
  readonly message: string
}

/** Everything that is wrong with the settings, for the operator to mend in one go. */
export class ConfigError extends Error {
  readonly problems: readonly SettingProblem[]

  constructor(problems: readonly SettingProblem[]) {
    const lines = problems.map(({ variable, message }) => `  ${variable}: ${message}`)
    super(['These settings stop the start:', ...lines].join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}
