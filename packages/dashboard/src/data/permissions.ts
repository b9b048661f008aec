import type { SessionOrganization } from './session.ts'

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
  { permissions }: Pick<SessionOrganization, 'permissions'>,
  permission: string,
  { environment }: Target = {},
): boolean {
  return permissions.some(
    (grant) =>
      grant.permission === permission &&
      (environment === undefined || grant.environment === undefined || grant.environment === environment),
  )
}
