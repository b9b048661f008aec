import { labelsToJson, toJson } from '../../database/json-columns.ts'
import type { KeyRow } from '../../port/keys.ts'

/** The columns that an update replaces. */
export function changeable(row: KeyRow) {
  return {
    name: row.name,
    environment: row.environment,
    consumer: row.consumer,
    roles_json: toJson(row.roles),
    active: row.active ? 1 : 0,
    expires_at: row.expiresAtMs,
    deleted_at: row.deletedAtMs,
    address_rules_json: toJson(row.addressRules),
    rate_limits_json: toJson(row.rateLimits),
    labels_json: labelsToJson(row.labels),
    public_tokens_json: row.publicTokens.length === 0 ? null : toJson(row.publicTokens),
  }
}

/** All columns of a new key. */
export function keyColumns(row: KeyRow) {
  return {
    ...changeable(row),
    organization: row.organization,
    id: row.id,
    type: row.type,
    created_at: row.createdAtMs,
    created_by: row.createdBy,
  }
}
