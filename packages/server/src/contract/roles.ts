import {
  parseRoleName,
  parseRolePermissions,
  PERMISSIONS,
  PERMISSIONS_PER_ROLE_MAX,
  type RolePermissions,
  ROLE_NAME,
  ROLES_PER_KEY_MAX,
} from '@sallyport/core'
import { z } from 'zod'
import { reference } from './fields/names.ts'
import { documentedString, parsed } from './fields/parsed.ts'
import { timestamp } from './fields/timestamp.ts'
import { receipt } from './receipt.ts'

const sentPermission = z.strictObject({
  permission: z.enum(PERMISSIONS),
  environment: reference.optional().describe('The only environment in which it holds.'),
  project: reference.optional().describe('The only project for which it holds.'),
  pipeline: reference.optional().describe('The only pipeline for which it holds.'),
})

const permissions = z
  .array(sentPermission)
  .min(1)
  .max(PERMISSIONS_PER_ROLE_MAX)
  .describe('What the role permits, each in the whole organization unless a scope limits it.')
  .transform((sent, check): RolePermissions => {
    const result = parseRolePermissions(sent)
    if (result.ok) return result.value
    for (const { path, problem } of result.problems) {
      check.addIssue({ code: 'custom', path: [...path], message: problem })
    }
    return z.NEVER
  })

export const roleCreation = z.strictObject({
  name: parsed(documentedString({ pattern: ROLE_NAME }), parseRoleName),
  permissions,
})

export const roleChange = z.strictObject({ permissions })

export const rolePreview = z.strictObject({
  roles: z.array(reference).max(ROLES_PER_KEY_MAX).describe('The names of custom and built-in roles.'),
})

const permission = z.object({
  permission: z.string(),
  environment: z.string().optional(),
  project: z.string().optional(),
  pipeline: z.string().optional(),
})

export const role = z.object({
  name: z.string(),
  builtIn: z.boolean().describe('Whether every organization has this role.'),
  permissions: z.array(permission),
  createdAt: timestamp.nullable(),
  createdBy: z.string().nullable(),
  updatedAt: timestamp.nullable(),
  updatedBy: z.string().nullable(),
})

export const roleRead = role.extend({
  holders: z
    .array(z.object({ kind: z.enum(['key']), id: z.string(), name: z.string() }))
    .describe('The first 100 keys that have the role, of those that you may read.'),
  holderCount: z.int().describe('How many keys that you may read have the role.'),
})

export const roleChanged = z.object({ role, receipt })

export const rolesPreviewed = z.object({ permissions: z.array(permission) })
