import type { CreateRoleInput } from '@sallyport/sdk'

/** A permission, as roles of the organization give it: everywhere, or limited to a part of it. */
export type Grant = CreateRoleInput['permissions'][number]
export type Permission = Grant['permission']
