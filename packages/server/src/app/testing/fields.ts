import {
  parseConsumerName,
  parseDescription,
  parseEnvironmentPosition,
  parseGraceSeconds,
  parseHandOverHours,
  parseKeyRateLimits,
  parseLabels,
  parseLifetimeDays,
  parsePlanLimits,
  parseResourceName,
  parseRoleName,
  parseRolePermissions,
  parseRotationDays,
  parseSecretName,
  parseSecretValue,
  parseSlug,
  parseTitle,
  parseUsername,
  parseVersion,
  type CheckedLabels,
  type ConsumerName,
  type Description,
  type EnvironmentPosition,
  type GraceSeconds,
  type Grant,
  type HandOverHours,
  type KeyRateLimits,
  type Labels,
  type LifetimeDays,
  type PlanLimit,
  type PlanLimits,
  type Parsed,
  type ParsedVersion,
  type RateLimit,
  type ResourceName,
  type RoleName,
  type RolePermissions,
  type RotationDays,
  type SecretName,
  type SecretValue,
  type Slug,
  type Title,
  type Username,
} from '@sallyport/core'
import { parseAddressRule, type AddressRule } from '../../address/address-rules.ts'

// The fields of operation inputs, parsed from valid values in tests.

function valid<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new Error(parsed.problem)
  return parsed.value
}

export const slug = (text: string): Slug => valid(parseSlug(text))
export const resourceName = (text: string): ResourceName => valid(parseResourceName(text))
export const roleName = (text: string): RoleName => valid(parseRoleName(text))
export const consumerName = (text: string): ConsumerName => valid(parseConsumerName(text))
export const title = (text: string): Title => valid(parseTitle(text))
export const description = (text: string): Description => valid(parseDescription(text))
export const username = (text: string): Username => valid(parseUsername(text))
export const secretName = (text: string): SecretName => valid(parseSecretName(text))
export const secretValue = (text: string): SecretValue => valid(parseSecretValue(text))
export const version = (text: string): ParsedVersion => valid(parseVersion(text))
export const graceSeconds = (seconds: number): GraceSeconds => valid(parseGraceSeconds(seconds))
export const lifetimeDays = (days: number): LifetimeDays => valid(parseLifetimeDays(days))
export const handOverHours = (hours: number): HandOverHours => valid(parseHandOverHours(hours))
export const rotationDays = (days: number): RotationDays => valid(parseRotationDays(days))
export const position = (index: number): EnvironmentPosition => valid(parseEnvironmentPosition(index))
export const addressRule = (text: string): AddressRule => valid(parseAddressRule(text))

export function planLimits(limits: readonly PlanLimit[]): PlanLimits {
  const parsed = parsePlanLimits(limits)
  if (!parsed.ok) throw new Error(parsed.problem)
  return parsed.value
}

export function keyRateLimits(limits: readonly RateLimit[]): KeyRateLimits {
  const parsed = parseKeyRateLimits(limits)
  if (!parsed.ok) throw new Error(parsed.problem)
  return parsed.value
}

export function labels(given: Labels): CheckedLabels {
  const parsed = parseLabels(Object.entries(given))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.value
}

export function rolePermissions(...grants: readonly Grant[]): RolePermissions {
  const parsed = parseRolePermissions(grants)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.value
}
