export { lackingGrants, widestGrants } from './access/included-grants.ts'
export {
  BUILT_IN_ROLES,
  type Grant,
  narrowToEnvironment,
  PERMISSIONS,
  permits,
  type Permission,
  type Target,
  TARGET_FIELDS,
} from './access/permissions.ts'
export { PERMISSION_SCOPES } from './access/permission-scopes.ts'
export {
  parseRolePermissions,
  PERMISSIONS_PER_ROLE_MAX,
  type RolePermissions,
  ROLES_PER_ORGANIZATION_MAX,
} from './access/role-permissions.ts'
export { type CustomRoles, grantsOfRoles, isBuiltInRole, isRole, NO_CUSTOM_ROLES } from './access/roles.ts'

export {
  CREDENTIAL_HEADERS,
  type Credentials,
  isForeignToken,
  jwtBeside,
  NO_CREDENTIALS,
  onlyKeyText,
  readCredentials,
  withOptionalKey,
} from './decision/credentials.ts'
export { isCredentialActive, jwtEndsAtMs, jwtRefusal, loginKeyOf } from './decision/check-jwt.ts'
export { checkKey } from './decision/check-key.ts'
export { decide } from './decision/decide.ts'
export type {
  AddressRules,
  Allowed,
  Ask,
  BasicFact,
  Decision,
  Denied,
  EntryFact,
  JwtFact,
  LimitFact,
  Needed,
  Principal,
  RateBudget,
  SetLimit,
  RouteFact,
  SecretUse,
  ValidJwt,
} from './decision/decision.ts'
export { challenge, type DenyReason } from './decision/deny.ts'
export { ownConsumerOf } from './decision/own-consumer.ts'

export type {
  BasicCredentialRecord,
  ConsumerRecord,
  DeploymentRecord,
  EnvironmentRecord,
  EnvironmentSecretRecord,
  EnvironmentVariableRecord,
  PlanRecord,
  ExternalKeyRecord,
  IssuerRecord,
  KeyAgeRecord,
  KeyRecord,
  OrganizationRecord,
  RoleRecord,
  SecretRecord,
  SigningKeyRecord,
} from './feed/records.ts'
export { RECORDS_VERSION, UnknownRecordPart, versionOfRecord } from './record-versions/record-versions.ts'

export {
  type Username,
  type SecretName,
  type SecretValue,
  USERNAME_CHARS_MAX,
  USERNAME,
  parseUsername,
  isDotSegment,
  parseSecretName,
  parseSecretValue,
} from './fields/credentials.ts'
export { type Email, EMAIL, EMAIL_CHARS_MAX, normalizeEmail, parseEmail } from './fields/emails.ts'
export {
  HOME_PATH,
  parseReturnPath,
  RETURN_PATH,
  RETURN_PATH_CHARS_MAX,
  type ReturnPath,
} from './fields/return-paths.ts'
export {
  ISSUER_NAME_CHARS_MAX,
  AUDIENCES_PER_ISSUER_MAX,
  ISSUER_KEYS_MAX,
  JWKS_URL_CHARS_MAX,
  parseAudience,
  parseIssuerName,
} from './fields/issuer-names.ts'
export {
  type Slug,
  type ResourceName,
  type ConsumerName,
  type RoleName,
  SLUG,
  RESOURCE_NAME,
  CONSUMER_NAME,
  ROLE_NAME,
  parseSlug,
  isReservedSlug,
  parseResourceName,
  parseConsumerName,
  parseRoleName,
  REFERENCE_CHARS_MAX,
  PIPELINES_PER_CONSUMER_MAX,
  PROJECTS_PER_CONSUMER_MAX,
} from './fields/names.ts'
export {
  type GraceSeconds,
  type HandOverHours,
  type LifetimeDays,
  type RotationDays,
  type OverlapSeconds,
  type EnvironmentPosition,
  OVERLAP_SECONDS_MAX,
  ENVIRONMENTS_MAX,
  parseGraceSeconds,
  parseHandOverHours,
  parseLifetimeDays,
  parseRotationDays,
  parseOverlapSeconds,
  parseEnvironmentPosition,
} from './fields/numbers.ts'
export { ORGANIZATION_COLORS, type OrganizationColor } from './fields/organization-colors.ts'
export { type Parsed, type Branded } from './fields/parsed.ts'
export {
  type Base64url,
  type PasskeyBytes,
  PASSKEY_BYTES,
  base64urlChars,
  parsePasskeyBytes,
  PASSKEYS_PER_PERSON_MAX,
  PASSKEY_TRANSPORTS_MAX,
  PASSKEY_TRANSPORT,
} from './fields/passkeys.ts'
export {
  type Password,
  PASSWORD_CHARS_MAX,
  PASSWORD_CHARS_MIN,
  normalizePassword,
  parsePassword,
} from './fields/passwords.ts'
export {
  type KeyRateLimits,
  type ParsedRateLimits,
  parseTriggerRateLimits,
  parseKeyRateLimits,
} from './fields/rate-limits.ts'
export { parsePlanLimits, type PlanLimits } from './fields/plan-limits.ts'
export {
  INVITATION_MS_MAX,
  INVITATIONS_PER_ORGANIZATION_MAX,
  MEMBERS_PER_ORGANIZATION_MAX,
  ORGANIZATIONS_FOUNDED_DEFAULT,
  ORGANIZATIONS_PER_PERSON_MAX,
} from './people/people-bounds.ts'
export {
  CONFIRMED_MS_MAX,
  SESSION_MS_MAX,
  isConfirmed,
  sessionEndMs,
  sessionRefusal,
} from './people/session-state.ts'
export {
  type Title,
  type Description,
  TITLE_CHARS_MAX,
  DESCRIPTION_CHARS_MAX,
  TITLE,
  DESCRIPTION,
  parseTitle,
  parseDescription,
} from './fields/texts.ts'
export {
  type VersionNumber,
  type ParsedVersion,
  VERSION_NUMBER_MAX,
  VERSION,
  parseVersion,
  versionText,
} from './fields/version-number.ts'

export { decodeBase62, randomBase62 } from './keys/base62.ts'
export {
  ADDRESS_RULES_PER_KEY_MAX,
  GRACE_SECONDS_DEFAULT,
  GRACE_SECONDS_MAX,
  ACCEPTANCE_RULES_PER_KEY_MAX,
  EXTERNAL_KEYS_PER_ORGANIZATION_MAX,
  HAND_OVER_HOURS_MAX,
  HAND_OVERS_PER_ORGANIZATION_MAX,
  ROLES_PER_KEY_MAX,
  SECRETS_PER_KEY_MAX,
} from './keys/key-bounds.ts'
export {
  LEAK_REACTIONS,
  LEAK_SOURCES,
  LEAK_URL_CHARS_MAX,
  LEAKS_PER_KEY_KEPT,
  type LeakReaction,
  type LeakSource,
} from './keys/leaks.ts'
export {
  planGrace,
  ROTATION_DAYS_MAX,
  ROTATION_DELIVERED_MS_MAX,
  ROTATION_PROBLEMS,
  rotationDueMs,
  rotationSubject,
  type RotationProblem,
} from './keys/rotation.ts'
export {
  consumerTerm,
  KEY_SEARCH_CHARS_MAX,
  parseKeySearch,
  type KeySection,
  keySection,
  keyTerms,
  nameOrder,
  parseKeySection,
  roleTerm,
  rollingUntilMs,
  searchedWords,
  wordTerm,
} from './key-lists/key-search.ts'
export {
  createdForFreshness,
  endedIfCreatedByMs,
  FRESHNESS,
  type Freshness,
  freshnessOf,
  KEY_AGE,
  type KeyAge,
  LIFETIME_DAYS_MAX,
  lifetimeEndsAtMs,
  NO_KEY_AGE,
  ROTATION_REMINDER_DAYS,
  WARNED_MS,
  wholeSecondMs,
} from './keys/key-age.ts'
export {
  currentSecret,
  keyEndsAtMs,
  type KeyFacts,
  keyLifetimeEndsAtMs,
  type KeyRefusal,
  type KeyState,
  keyRefusal,
  keyState,
  liveSecrets,
  secretEndsAtMs,
} from './keys/key-state.ts'
export {
  containsToken,
  isKeyId,
  type KeyId,
  type KeyType,
  makeKeyId,
  makeToken,
  parseToken,
  tokenHint,
} from './keys/key-text.ts'
export { planFinish, planRoll, planUndo, type RollPlan, type RollRefusal } from './keys/rolling.ts'

export {
  LABEL_FILTER_CHARS_MAX,
  LABEL_FILTERS_MAX,
  type LabelFilter,
  labelFilterTerm,
  labelFilterText,
  labelTerms,
  parseLabelFilter,
} from './labels/label-filter.ts'
export {
  type CheckedLabels,
  effectiveLabels,
  isUnlabelled,
  LABEL_NAME,
  LABEL_VALUE_CHARS_MAX,
  type Labels,
  labelsHeader,
  LABELS_MAX,
  NO_LABELS,
  parseLabels,
} from './labels/labels.ts'

export { gcra, gcraWithDebt, type GcraVerdict } from './limits/gcra.ts'
export { PLAN_LIMIT_SCOPES, planId, type PlanLimit } from './limits/plan-limit.ts'
export { RATE_LIMIT_REQUESTS_MAX, RATE_LIMITS_MAX, WINDOW_MS } from './limits/rate-windows.ts'

export { CLIENT_STATEMENT_PREFIXES, CLIENT_STATEMENTS } from './headers/client-statements.ts'
export {
  correlationHeaderProblem,
  headerNameAsRead,
  HOP_BY_HOP,
  IDENTITY_PREFIX,
  neverReachesUpstream,
  REMOVED_HEADERS,
  RESTATED_HEADERS,
} from './headers/upstream-headers.ts'
export { EnvironmentHosts, type HostEnvironment } from './hosts/environment-hosts.ts'
export { HOST_PATTERN_LABELS_MAX, HostKeys, isPreferredHost, matchesHost } from './hosts/host-keys.ts'

export { type ExactJson, exactJson, makeExactJson } from './json/exact-json.ts'
export { isExactNumber, type JsonFault, parseStrictJson } from './json/strict-json.ts'
export { pointerAt } from './json/pointer-at.ts'
export { hasMoreValues } from './json/value-count.ts'
export { syntaxFaultIndex } from './json/syntax-fault.ts'

export { closestName } from './names/closest-name.ts'
export { editDistance } from './names/edit-distance.ts'

export { looseSegments } from './paths/loose-segments.ts'
export {
  AMBIGUOUS_ROUTES_PROBLEM,
  ENCODED_SLASH_PROBLEM,
  isPlainPath,
  OTHER_ROUTE_PROBLEM,
  type PathForm,
  readRequestPath,
} from './paths/request-path.ts'

export { parseCron, SCHEDULE_CHARS_MAX } from './schedules/cron.ts'
export { nextDueMs, type Timetable, timetableOf } from './schedules/due-times.ts'
export { isTimeZone, TIME_ZONE_DEFAULT } from './schedules/time-zones.ts'

export {
  type Deprecation,
  type EntryRules,
  type Maintenance,
  RETRY_AFTER_SECONDS_DEFAULT,
  RETRY_AFTER_SECONDS_MAX,
} from './pipelines/entry-rules.ts'

export {
  PIPELINE_METHODS,
  PREFLIGHT_SECONDS_DEFAULT,
  PREFLIGHT_SECONDS_MAX,
  type AssertStep,
  type Authentication,
  type CallStep,
  CLIENT_AUTHENTICATIONS,
  type ClientAuthentication,
  CATCH_UP_DEFAULT,
  CATCH_UPS,
  CLAIM_NAME_CHARS_MAX,
  CLAIMS_MAX,
  completeSpec,
  type Cors,
  type CredentialsVerifyStep,
  EXPRESSION_CHARS_MAX,
  isExposing,
  type JwtDecodeStep,
  type JwtGenerateStep,
  LOGIN_CREDENTIAL_CLAIM,
  LOGIN_KEY_CLAIM,
  LOGIN_SECRET_CLAIM,
  OVERLAP_DEFAULT,
  type Overlap,
  type OauthTokenStep,
  OVERLAPS,
  type PipelineSpec,
  type ProxyStep,
  type RateLimit,
  REGISTERED_CLAIMS,
  REQUEST_BYTES_DEFAULT,
  REQUEST_BYTES_FILE_DEFAULT,
  REQUEST_BYTES_MAX,
  type RespondStep,
  type SpecDraft,
  TRAILING_SLASHES,
  type Step,
  TIMEOUT_MS_DEFAULT,
  TIMEOUT_MS_MAX,
  TOKEN_REQUEST_MS_MAX,
  TOKEN_SECONDS_MAX,
  type TransformStep,
  type Trigger,
} from './pipelines/pipeline-spec.ts'
export { CACHE_HEADERS_DEFAULT, CACHE_SECONDS_MAX, type CacheRules } from './pipelines/cache-rules.ts'
export {
  COMPRESSION_BYTES_DEFAULT,
  COMPRESSION_TYPES_DEFAULT,
  type CompressionRules,
} from './pipelines/compression-rules.ts'
export type { JsonSchema, RequestRules } from './pipelines/request-rules.ts'
export {
  claimsOf,
  deploymentFacts,
  hostsOf,
  isRouteClaim,
  originsOf,
  type DeploymentFacts,
  type DeploymentRoutes,
  policySubject,
  routeCount,
} from './pipelines/deployment-facts.ts'
export {
  EXTERNAL_API_ACCESS,
  POLICY_MODES,
  type PolicyMode,
  type PolicySubject,
  policyViolations,
  policyWarnings,
  type Violation,
  type Warning,
} from './pipelines/policy.ts'
export { type HeaderChoice, type HeaderRule, ruleTemplates } from './pipelines/header-rule.ts'
export {
  ROUTE_PATH_CHARS_MAX,
  routePathParameters,
  routePathProblem,
  routeShape,
} from './pipelines/route-path.ts'
export {
  coversPattern,
  methodsOfPath,
  patternsMeet,
  patternsOf,
  type RoutePattern,
  routePatterns,
} from './pipelines/route-patterns.ts'
export { writtenIndex, type WrittenRoute } from './pipelines/written-routes.ts'
export { routeSegments, type RouteSegment, segmentShape } from './pipelines/route-segments.ts'
export {
  canReachSamePath,
  type Guard,
  needsLess,
  templateOrigin,
  upstreamReach,
  type UpstreamReach,
} from './pipelines/upstream-reach.ts'
export {
  BALANCE_DEFAULT,
  CONNECT_TIMEOUT_MS_MAX,
  EJECTION_MS_MAX,
  FAILURES_MAX,
  HEALTH_INTERVAL_MS_MAX,
  HEALTH_INTERVAL_MS_MIN,
  HEALTH_THRESHOLD_MAX,
  HEALTH_TIMEOUT_MS_MAX,
  IDEMPOTENT_METHODS,
  RETRIES_MAX,
  TARGETS_MAX,
  TARGET_WEIGHT_MAX,
  type Balance,
  type HealthCheck,
  type TargetCondition,
  type UpstreamOptions,
  type UpstreamTarget,
} from './pipelines/upstream-targets.ts'
export { TLS_MATERIAL, tlsSecret, type UpstreamTlsSettings } from './pipelines/upstream-tls.ts'
export { PEM_CHARS_MAX, pemBlocks, pemText } from './templates/pem.ts'

export {
  exceededQuota,
  isQuota,
  QUOTA_LIMITS_DEFAULT,
  QUOTAS,
  type Quota,
  type QuotaNumbers,
} from './quotas/quotas.ts'

export {
  PORTAL_SCOPES,
  PORTAL_SECONDS_DEFAULT,
  PORTAL_SECONDS_MAX,
  PORTAL_SECONDS_MIN,
  PORTAL_SESSIONS_PER_CONSUMER_MAX,
  parsePortalSeconds,
  type PortalScope,
  type PortalSeconds,
} from './portal/portal-sessions.ts'
export { jsonPointer } from './problems/json-pointer.ts'
export { Problem, problemBody, type ProblemCode, PROBLEMS } from './problems/problems.ts'

export { emptyEnvironment, type EnvironmentView, WHEN_STALE, type WhenStale } from './snapshot/environment.ts'
export {
  type Change,
  type FeedRecord,
  recordIdentity,
  type RecordKey,
  recordKey,
  type RemovedRecord,
} from './snapshot/feed-record.ts'
export type { KeyView } from './snapshot/key-view.ts'
export { keyAgeId } from './snapshot/key-lifetimes.ts'
export { type HashSeed, wideHashOfText } from './tables/text-hash.ts'
export { type SharedTables, sharedInParts } from './snapshot/shared-tables.ts'
export { type LoadOptions, Snapshot } from './snapshot/snapshot.ts'
export { SnapshotBytesReader } from './snapshot/snapshot-bytes.ts'
export { RowWriter, type WrittenBatch } from './snapshot/written-rows.ts'

export {
  parseVariableName,
  parseVariableValue,
  type VariableName,
  type VariableValue,
} from './fields/variables.ts'
export { bindHeaderVariables, bindUrlVariables } from './templates/bind-variables.ts'
export { SECRET_NAME_CHARS_MAX, SECRET_VALUE_CHARS_MAX } from './templates/environment-secret.ts'
export {
  expandHeaderTemplate,
  type HeaderTemplate,
  headerTemplateParameters,
  headerTemplateRunValues,
  headerTemplateSecrets,
  headerTemplateVariables,
  mistakenPlaceholders,
  parseHeaderTemplate,
} from './templates/header-template.ts'
export { expandUrlTemplate } from './templates/url-expansion.ts'
export { CLAIM_VALUE_PREFIX, type PathValues, WHOLE_PATH } from './templates/template-part.ts'
export {
  parseUrlTemplate,
  URL_TEMPLATE_CHARS_MAX,
  type UrlTemplate,
  urlTemplateParameters,
  urlTemplateSecrets,
  urlTemplateVariables,
} from './templates/url-template.ts'

export {
  environmentIssuer,
  type PublicJwk,
  SIGNING_ALGORITHMS,
  type SigningAlgorithm,
} from './tokens/signing-algorithm.ts'

export {
  WEBHOOK_EVENT_OF_ACTION,
  WEBHOOK_EVENT_TYPES,
  WEBHOOK_EVENTS,
  WEBHOOK_RETRIED_MS,
  WEBHOOK_URL_CHARS_MAX,
  type WebhookAction,
  type WebhookEventType,
  isWebhookAction,
} from './webhooks/webhook-events.ts'
export {
  isOwnerMailEvent,
  OWNER_MAIL_EVENTS,
  OWNER_MAILS_DEFAULT,
  type OwnerMailEvent,
} from './webhooks/owner-mails.ts'
