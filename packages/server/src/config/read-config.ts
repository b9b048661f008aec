import type { Config } from './config.ts'
import { ConfigError } from './config-error.ts'
import { contradictions } from './contradictions.ts'
import { readSettings, type Environment } from './settings.ts'

/**
 * Reads every setting.
 *
 * @param environment variables by name; this process's own unless given
 * @returns the settings, frozen to the last member
 * @throws ConfigError that names everything that is wrong at once
 */
export function readConfig(environment: Environment = process.env): Config {
  const { config, problems } = readSettings(environment)
  const all = [...problems, ...contradictions(config, problems)]
  if (all.length > 0) throw new ConfigError(all)
  return deepFrozen(config)
}

function deepFrozen<T extends object>(value: T): T {
  for (const member of Object.values(value) as readonly unknown[]) {
    if (typeof member === 'object' && member !== null) deepFrozen(member)
  }
  return Object.freeze(value)
}
