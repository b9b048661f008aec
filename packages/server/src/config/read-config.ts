import type { Config, Environment } from './config.ts'
import { ConfigError } from './config-error.ts'
import { conflictingSettings } from './conflicting-settings.ts'
import type { Role } from './role-settings.ts'
import { readSettings } from './settings.ts'

/**
 * Reads all settings.
 *
 * @param environment variables by name; defaults to the environment of this process
 * @param role which parts run: each listens on its own port only
 * @returns the settings, deeply frozen
 * @throws ConfigError that lists every invalid setting
 */
export function readConfig(environment: Environment = process.env, role: Role = 'all'): Config {
  const { config, problems } = readSettings(environment)
  const all = [...problems, ...conflictingSettings(config, problems, role)]
  if (all.length > 0) throw new ConfigError(all)
  return deepFrozen(config)
}

function deepFrozen<T extends object>(value: T): T {
  for (const member of Object.values(value) as readonly unknown[]) {
    if (typeof member === 'object' && member !== null) deepFrozen(member)
  }
  return Object.freeze(value)
}
