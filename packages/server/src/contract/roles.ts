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
  permission: z.enum(PERMISSIONS).describe('What it permits, as `resource.action`.'),
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
  name: parsed(
    documentedString({ pattern: ROLE_NAME }).describe('Its name, by which keys are given the role.'),
    parseRoleName,
  ),
  permissions,
})

export const roleChange = z.strictObject({ permissions })

export const rolePreview = z.strictObject({
  roles: z.array(reference).max(ROLES_PER_KEY_MAX).describe('The names of custom and built-in roles.'),
})

const permission = z.object({
  permission: z.string().describe('What it permits, as `resource.action`.'),
  environment: z
    .string()
    .optional()
    .describe('The only environment in which it holds; any if it is left out.'),
  project: z.string().optional().describe('The only project for which it holds; any if it is left out.'),
  pipeline: z.string().optional().describe('The only pipeline for which it holds; any if it is left out.'),
})

export const role = z.object({
  name: z.string().describe('Unique in the organization.'),
  builtIn: z.boolean().describe('Whether every organization has this role.'),
  permissions: z.array(permission).describe('What a key with the role may do.'),
  createdAt: timestamp.nullable().describe('When it was created; null for a built-in role.'),
  createdBy: z.string().nullable().describe('The id of its creator; null for a built-in role.'),
  updatedAt: timestamp.nullable().describe('When it was changed last; null for a built-in role.'),
  updatedBy: z.string().nullable().describe('The id of who changed it last; null for a built-in role.'),
})

export const roleRead = role.extend({
  holders: z
    .array(
      z.object({
        kind: z.enum(['member', 'key', 'external-key']).describe('What has the role.'),
        id: z.string().describe('The id of the member, key or external key.'),
        name: z
          .string()
          .describe(
            'The name of the member or key; for an external key, its label or else the id of its key.',
          ),
      }),
    )
    .describe(
      'The first 100 members, keys and external keys that have the role, of those that you may read.',
    ),
  holderCount: z.int().describe('How many that you may read have the role.'),
})

export const roleChanged = z.object({ role: role.describe('The role after the change.'), receipt })

export const rolesPreviewed = z.object({
  permissions: z.array(permission).describe('The union, without what a wider permission includes; sorted.'),
})
