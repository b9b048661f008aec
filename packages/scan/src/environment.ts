/** The environment variables of a scan. */
export interface ScanEnvironment {
  /** The token of a key with `keys.read`, for the server. */
  readonly token: string | undefined
  /** The folder in which a person called npm, which starts its scripts in the folder of the package. */
  readonly workingFolder: string
  /** The environment of programs that are started. The token is not in it. */
  readonly env: NodeJS.ProcessEnv
}

/** Reads the environment of this process. */
export function readEnvironment(): ScanEnvironment {
  const { SALLYPORT_TOKEN: token, ...env } = process.env
  const isScript = env['npm_lifecycle_event'] === 'scan'
  return {
    token: token === undefined || token.trim() === '' ? undefined : token.trim(),
    workingFolder: (isScript ? env['INIT_CWD'] : undefined) ?? process.cwd(),
    env,
  }
}
