import type { CreateRoleInput } from '@sallyport/sdk'

type Sent = CreateRoleInput['permissions'][number]

/** A permission, as roles of the organization give it: everywhere, or limited to a part of it. */
export type Grant = { readonly [Name in keyof Sent]: Exclude<Sent[Name], null> }
export type Permission = Grant['permission']
