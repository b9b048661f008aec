/** The most members of one organization. */
export const MEMBERS_PER_ORGANIZATION_MAX = 1000

/** The most organizations that one person is a member of. */
export const ORGANIZATIONS_PER_PERSON_MAX = 100

/** The most organizations that one person can create in all, unless the operator sets another number. */
export const ORGANIZATIONS_FOUNDED_DEFAULT = 20

/** The most invitations of one organization that are open. */
export const INVITATIONS_PER_ORGANIZATION_MAX = 200

/** How long an invitation can be accepted: 7 days, in ms. */
export const INVITATION_MS_MAX = 7 * 24 * 60 * 60 * 1000
