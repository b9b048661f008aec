import type { Session } from '@sallyport/sdk'

/** Which part of the organization a question is about. */
export interface Target {
  readonly environment?: string | undefined
}

/**
 * Whether a person may do something in an organization. Only the server decides; pages ask this in order to leave out what it
 * would refuse.
 *
 * @param target left out: anywhere in the organization
 */
export function may(
  { permissions }: Pick<Session['organizations'][number], 'permissions'>,
  permission: string,
  { environment }: Target = {},
): boolean {
  return permissions.some(
    (grant) =>
      grant.permission === permission &&
      (environment === undefined || grant.environment === undefined || grant.environment === environment),
  )
}

/** A permission with its scope: everywhere, unless a member limits it. */
export interface ScopedPermission extends Target {
  readonly permission: string
  readonly project?: string | undefined
  readonly pipeline?: string | undefined
}

/** Whether permissions include one in its whole scope. A person can give only what they have in that way. */
export function covers(permissions: readonly ScopedPermission[], wanted: ScopedPermission): boolean {
  return permissions.some(
    (held) =>
      held.permission === wanted.permission &&
      (held.environment === undefined || held.environment === wanted.environment) &&
      (held.project === undefined || held.project === wanted.project) &&
      (held.pipeline === undefined || held.pipeline === wanted.pipeline),
  )
}
