// Generated from openapi/openapi.json by `npm run sdk`. Change the document instead.

import type { CallOptions } from '../calls/call.ts'
import type { List } from '../calls/list.ts'
import type {
  GetHealthInput,
  GetReadinessInput,
  GetSetupInput,
  SetUpInput,
  WhoamiInput,
  CreateResetLinkInput,
  ListOrganizationsInput,
  CreateOrganizationInput,
  GetOrganizationInput,
  UpdateOrganizationInput,
  GetQuotasInput,
  ListEnvironmentsInput,
  CreateEnvironmentInput,
  GetEnvironmentInput,
  UpdateEnvironmentInput,
  RemoveEnvironmentInput,
  GetPolicyInput,
  SetPolicyInput,
  ListPolicyVersionsInput,
  GetConformityInput,
  GetKeyAgeInput,
  SetKeyAgeInput,
  GetOrganizationKeyAgeInput,
  SetOrganizationKeyAgeInput,
  ListProjectsInput,
  CreateProjectInput,
  GetProjectInput,
  DescribeProjectInput,
  RemoveProjectInput,
  ListPipelinesInput,
  CreatePipelineInput,
  GetPipelineInput,
  RemovePipelineInput,
  ListVersionsInput,
  CreateVersionInput,
  GetVersionInput,
  ListScheduleRunsInput,
  EvaluateExpressionsInput,
  ListDeploymentsInput,
  DeployInput,
  GetDeploymentInput,
  UndeployInput,
  PromoteInput,
  RollbackInput,
  RedeployInput,
  ListSecretsInput,
  GetSecretInput,
  PutSecretInput,
  RemoveSecretInput,
  ListVariablesInput,
  GetVariableInput,
  PutVariableInput,
  RemoveVariableInput,
  ListSigningKeysInput,
  RotateSigningKeyInput,
  RemoveSigningKeyInput,
  ListIssuersInput,
  CreateIssuerInput,
  GetIssuerInput,
  RemoveIssuerInput,
  ListPlansInput,
  CreatePlanInput,
  GetPlanInput,
  UpdatePlanInput,
  RemovePlanInput,
  ListConsumersInput,
  CreateConsumerInput,
  GetConsumerInput,
  UpdateConsumerInput,
  RemoveConsumerInput,
  AddConsumerPipelineInput,
  RemoveConsumerPipelineInput,
  AddConsumerProjectInput,
  RemoveConsumerProjectInput,
  ListBasicCredentialsInput,
  CreateBasicCredentialInput,
  RemoveBasicCredentialInput,
  ListRolesInput,
  CreateRoleInput,
  GetRoleInput,
  UpdateRoleInput,
  RemoveRoleInput,
  PreviewRolesInput,
  ListMembersInput,
  GetMemberInput,
  UpdateMemberInput,
  RemoveMemberInput,
  ListInvitationsInput,
  CreateInvitationInput,
  WithdrawInvitationInput,
  ListKeysInput,
  CreateKeyInput,
  GetKeyInput,
  UpdateKeyInput,
  DeleteKeyInput,
  ExportKeysInput,
  LookUpKeyInput,
  RollKeyInput,
  FinishRollInput,
  UndoRollInput,
  GetRotationInput,
  SetRotationInput,
  RemoveRotationInput,
  VerifyInput,
  ListHandOversInput,
  GetHandOverInput,
  WithdrawHandOverInput,
  ListImportsInput,
  ImportKeysInput,
  GetImportInput,
  StopImportInput,
  CreatePortalSessionInput,
  ListPortalSessionsInput,
  GetPortalSessionInput,
  EndPortalSessionInput,
  ListLeaksInput,
  ListExternalKeysInput,
  AddExternalKeyInput,
  GetExternalKeyInput,
  UpdateExternalKeyInput,
  RemoveExternalKeyInput,
  ListAcceptancesInput,
  GetOrganizationAcceptanceInput,
  SetOrganizationAcceptanceInput,
  GetAcceptancesInput,
  SetKeyAcceptanceInput,
  SetPartnerAcceptanceInput,
  ReadUsageInput,
  ListRequestsInput,
  ListWebhooksInput,
  CreateWebhookInput,
  GetWebhookInput,
  UpdateWebhookInput,
  RemoveWebhookInput,
  RotateWebhookInput,
  ListDeliveriesInput,
  ReplayDeliveryInput,
  ListAuditEventsInput,
  ExportAuditEventsInput,
  ListGatewaysInput,
  RollOwnKeyInput,
  FinishOwnRollInput,
  DeleteOwnKeyInput,
  ListLinkedProvidersInput,
  BeginProviderLinkInput,
  UnlinkProviderInput,
  GetSessionInput,
  SignOutInput,
  ListOtherSessionsInput,
  EndOtherSessionsInput,
  EndOtherSessionInput,
  StepUpInput,
  ChangePasswordInput,
  ListPasskeysInput,
  AddPasskeyInput,
  BeginPasskeyInput,
  RenamePasskeyInput,
  RemovePasskeyInput,
  BeginPasskeyStepUpInput,
  GetSecondFactorInput,
  BeginSecondFactorInput,
  RemoveSecondFactorInput,
  ConfirmSecondFactorInput,
  ReplaceRecoveryCodesInput,
  VerifySecondFactorInput,
  ListPortalKeysInput,
  CreatePortalKeyInput,
  GetPortalKeyInput,
  DeletePortalKeyInput,
  RollPortalKeyInput,
  FinishPortalRollInput,
  UndoPortalRollInput,
  ListPortalPipelinesInput,
  ReadPortalUsageInput,
  GetPortalInput,
  LeavePortalInput,
  SignInInput,
  ListSignInProvidersInput,
  BeginProviderSignInInput,
  RequestPasswordResetInput,
  ResetPasswordInput,
  BeginPasskeySignInInput,
  SignInWithPasskeyInput,
  AcceptInvitationInput,
  OpenHandOverInput,
  OpenPortalSessionInput,
  ListAuditKeysInput,
} from './inputs.ts'
import type {
  SetUpOutput,
  WhoamiOutput,
  CreateResetLinkOutput,
  CreateOrganizationOutput,
  UpdateOrganizationOutput,
  UpdateEnvironmentOutput,
  RemoveEnvironmentOutput,
  SetPolicyOutput,
  SetKeyAgeOutput,
  SetOrganizationKeyAgeOutput,
  DescribeProjectOutput,
  RemoveProjectOutput,
  RemovePipelineOutput,
  EvaluateExpressionsOutput,
  DeployOutput,
  UndeployOutput,
  PromoteOutput,
  RollbackOutput,
  RedeployOutput,
  PutSecretOutput,
  RemoveSecretOutput,
  PutVariableOutput,
  RemoveVariableOutput,
  RotateSigningKeyOutput,
  RemoveSigningKeyOutput,
  RemoveIssuerOutput,
  UpdatePlanOutput,
  RemovePlanOutput,
  CreateConsumerOutput,
  UpdateConsumerOutput,
  RemoveConsumerOutput,
  AddConsumerPipelineOutput,
  RemoveConsumerPipelineOutput,
  AddConsumerProjectOutput,
  RemoveConsumerProjectOutput,
  CreateBasicCredentialOutput,
  RemoveBasicCredentialOutput,
  UpdateRoleOutput,
  RemoveRoleOutput,
  PreviewRolesOutput,
  UpdateMemberOutput,
  RemoveMemberOutput,
  CreateInvitationOutput,
  WithdrawInvitationOutput,
  CreateKeyOutput,
  UpdateKeyOutput,
  DeleteKeyOutput,
  LookUpKeyOutput,
  RollKeyOutput,
  FinishRollOutput,
  UndoRollOutput,
  SetRotationOutput,
  RemoveRotationOutput,
  VerifyOutput,
  WithdrawHandOverOutput,
  StopImportOutput,
  CreatePortalSessionOutput,
  EndPortalSessionOutput,
  UpdateExternalKeyOutput,
  RemoveExternalKeyOutput,
  SetOrganizationAcceptanceOutput,
  SetKeyAcceptanceOutput,
  SetPartnerAcceptanceOutput,
  CreateWebhookOutput,
  UpdateWebhookOutput,
  RemoveWebhookOutput,
  RotateWebhookOutput,
  RollOwnKeyOutput,
  FinishOwnRollOutput,
  DeleteOwnKeyOutput,
  BeginProviderLinkOutput,
  BeginPasskeyOutput,
  BeginPasskeyStepUpOutput,
  BeginSecondFactorOutput,
  ConfirmSecondFactorOutput,
  ReplaceRecoveryCodesOutput,
  CreatePortalKeyOutput,
  DeletePortalKeyOutput,
  RollPortalKeyOutput,
  FinishPortalRollOutput,
  UndoPortalRollOutput,
  SignInOutput,
  BeginProviderSignInOutput,
  RequestPasswordResetOutput,
  BeginPasskeySignInOutput,
  SignInWithPasskeyOutput,
  AcceptInvitationOutput,
  OpenHandOverOutput,
} from './outputs.ts'
import type {
  Health,
  Readiness,
  Setup,
  Organization,
  Quotas,
  Environment,
  Policy,
  KeyAge,
  Project,
  Pipeline,
  PipelineVersion,
  Deployment,
  Secret,
  Variable,
  Issuer,
  Plan,
  Consumer,
  Role,
  Member,
  Key,
  Rotation,
  HandOver,
  Import,
  PortalSession,
  ExternalKey,
  OrganizationAcceptance,
  Acceptances,
  Webhook,
  Session,
  SecondFactor,
  PortalKey,
  Portal,
  PolicyVersion,
  Conformity,
  ListedPipeline,
  ScheduleRun,
  ListedDeployment,
  SigningKey,
  BasicCredential,
  ListedRole,
  Invitation,
  ListedKey,
  ListedImport,
  Leak,
  Acceptance,
  Usage,
  DecidedRequest,
  Delivery,
  AuditEvent,
  Gateway,
  LinkedProvider,
  WebSession,
  Passkey,
  ListedPortalKey,
  PortalPipeline,
  SignInProvider,
  AuditKey,
} from './types.ts'

/** The operations of the management API. */
export interface Operations {
  /**
   * Report that the process is alive.
   *
   * Answers with 200 while the process runs. Use it as a liveness check. Both ports have it, and it needs no key.
   *
   * `GET /healthz`
   */
  getHealth(input?: GetHealthInput, options?: CallOptions): Promise<Health>

  /**
   * Report whether the server can answer requests.
   *
   * Answers with 200 while this port can answer requests, and otherwise with 503 and the reason: on the management port, whether the database answers; on the gateway, whether its snapshot is loaded and current. Use it as a readiness check. Both ports have it, and it needs no key. On the management port, the answer to a `Host` that is not allowed has no `revision` and no `snapshotAgeSeconds`.
   *
   * `GET /readyz`
   */
  getReadiness(input?: GetReadinessInput, options?: CallOptions): Promise<Readiness>

  /**
   * Tell whether set-up is over.
   *
   * Answers whether an organization exists. It needs no key. Until then, `POST /v1/setup` creates the first one.
   *
   * `GET /v1/setup`
   */
  getSetup(input?: GetSetupInput, options?: CallOptions): Promise<Setup>

  /**
   * Create the first organization and its owner key.
   *
   * Creates the first organization, its owner key `Owner`, whose `token` is shown only once, and the public key `Default API Key`. With `owner` it also creates a person who signs in and owns the organization. Instead of a key, send the set-up token: the setting `SALLYPORT_SETUP_TOKEN`, or the token that the server printed when it started. Once there is an organization, the answer is 409 `already_set_up`.
   *
   * `POST /v1/setup`
   */
  setUp(input: SetUpInput, options?: CallOptions): Promise<SetUpOutput>

  /**
   * Describe the key of this request and its permissions.
   *
   * Answers with the organization, the name and the permissions of the key that you send. Any valid key may ask, including a public one. Use it to check a key before you store it.
   *
   * `GET /v1/whoami`
   */
  whoami(input?: WhoamiInput, options?: CallOptions): Promise<WhoamiOutput>

  /**
   * Create a link for a member to set a new password.
   *
   * Creates a link, for you to hand over, with which a member sets a new password within 24 hours. It replaces earlier links, and the person is told by mail. A link would let you act as the person, so you need all rights of the person, in every organization of the person: otherwise 403 `permission_missing`. A signed-in person confirms with `POST /v1/session/step-up` first.
   *
   * Requires `members.write`.
   *
   * `POST /v1/organizations/{organization}/members/{member}/reset-links`
   */
  createResetLink(input: CreateResetLinkInput, options?: CallOptions): Promise<CreateResetLinkOutput>

  /**
   * List the organizations that you may read.
   *
   * Lists the key's own organization. An owner key of the first organization gets every organization on the server.
   *
   * Requires `organization.read`.
   *
   * `GET /v1/organizations`
   */
  listOrganizations(input?: ListOrganizationsInput, options?: CallOptions): List<Organization>

  /**
   * Create an organization and its owner key.
   *
   * Creates an organization with the environments `test` and `prod`, a project `default`, an owner key `Owner` and a public key `Default API Key`. The `token` of the owner key is shown only once. A signed-in person may do this, who becomes its owner, and an owner key of the first organization. A slug that is taken gets 409 `conflict`; a person who has created as many as one person can, 20 unless the operator sets another number, gets 403 `quota_exceeded`.
   *
   * Requires `organization.write`.
   *
   * `POST /v1/organizations`
   */
  createOrganization(input: CreateOrganizationInput, options?: CallOptions): Promise<CreateOrganizationOutput>

  /**
   * Read an organization.
   *
   * Answers with one organization: the key's own, or any other if the key is an owner key of the first organization.
   *
   * Requires `organization.read`.
   *
   * `GET /v1/organizations/{organization}`
   */
  getOrganization(input?: GetOrganizationInput, options?: CallOptions): Promise<Organization>

  /**
   * Update an organization.
   *
   * Changes the display name of an organization, its colour on the portal page of its consumers, what happens when the secret of one of its keys is found in public, and which events its owners get by mail; each owner is told by mail of another choice. Omitted fields keep their values. The slug never changes.
   *
   * Requires `organization.write`.
   *
   * `PATCH /v1/organizations/{organization}`
   */
  updateOrganization(
    input?: UpdateOrganizationInput,
    options?: CallOptions,
  ): Promise<UpdateOrganizationOutput>

  /**
   * Read the quotas of an organization and how much of each is used.
   *
   * Answers with the limits of the organization and how much of each is used. `versionBytes` is the size of all versions of its pipelines, in bytes. Deleted keys and ended deployments do not count. The operator sets the limits.
   *
   * Requires `organization.read`.
   *
   * `GET /v1/organizations/{organization}/quotas`
   */
  getQuotas(input?: GetQuotasInput, options?: CallOptions): Promise<Quotas>

  /**
   * List the environments in promotion order.
   *
   * Lists the environments in the order of promotion: the first one has `position` 0.
   *
   * Requires `organization.read`.
   *
   * `GET /v1/organizations/{organization}/environments`
   */
  listEnvironments(input?: ListEnvironmentsInput, options?: CallOptions): List<Environment>

  /**
   * Create an environment.
   *
   * Creates an environment with its own signing key and a policy that requires nothing yet. Without `position` it comes last in the order of promotion. A name that is taken gets 409 `conflict`.
   *
   * Requires `organization.write`.
   *
   * `POST /v1/organizations/{organization}/environments`
   */
  createEnvironment(input: CreateEnvironmentInput, options?: CallOptions): Promise<Environment>

  /**
   * Read an environment.
   *
   * Returns an environment with its place in the order of promotion.
   *
   * Requires `organization.read`.
   *
   * `GET /v1/organizations/{organization}/environments/{environment}`
   */
  getEnvironment(input: GetEnvironmentInput, options?: CallOptions): Promise<Environment>

  /**
   * Change an environment.
   *
   * Changes what is in the body. `position` moves the environment in the order of promotion; the others move up or down to make room, so it needs `organization.write` for the whole organization. With `requiresPrevious`, a version can go live here only if it is live in the environment before this one; what is live stays live. `whenStale` says what gateways without a database do with calls once they are cut off.
   *
   * Requires `organization.write`.
   *
   * `PATCH /v1/organizations/{organization}/environments/{environment}`
   */
  updateEnvironment(input: UpdateEnvironmentInput, options?: CallOptions): Promise<UpdateEnvironmentOutput>

  /**
   * Remove an unused environment.
   *
   * Removes an environment with its policy, signing keys, trusted issuers, secrets and past deployments. While it has live deployments, consumers or keys, the answer is 409 `conflict`.
   *
   * Requires `organization.write`.
   *
   * `DELETE /v1/organizations/{organization}/environments/{environment}`
   */
  removeEnvironment(input: RemoveEnvironmentInput, options?: CallOptions): Promise<RemoveEnvironmentOutput>

  /**
   * Read the policy of an environment.
   *
   * Answers with the authentication that every deployment in the environment must require, and with the number of live deployments that conform. `mode` is `any`, `api-key`, `jwt` or `jwt-and-api-key`.
   *
   * Requires `policies.read`.
   *
   * `GET /v1/organizations/{organization}/environments/{environment}/policies/external-api-access`
   */
  getPolicy(input: GetPolicyInput, options?: CallOptions): Promise<Policy>

  /**
   * Change the policy of an environment, or check the effect.
   *
   * Sets the authentication that every deployment in the environment must require. `affected` lists the live deployments that do not conform. They go on serving, because only the next deployment has to meet the policy. With `dryRun` the answer is the same and nothing changes.
   *
   * Requires `policies.write`.
   *
   * `PUT /v1/organizations/{organization}/environments/{environment}/policies/external-api-access`
   */
  setPolicy(input: SetPolicyInput, options?: CallOptions): Promise<SetPolicyOutput>

  /**
   * List the versions of the policy of an environment.
   *
   * Lists every version of the policy with its author and its time, newest first.
   *
   * Requires `policies.read`.
   *
   * `GET /v1/organizations/{organization}/environments/{environment}/policies/external-api-access/versions`
   */
  listPolicyVersions(input: ListPolicyVersionsInput, options?: CallOptions): List<PolicyVersion>

  /**
   * List how each live deployment conforms to the policy.
   *
   * Lists the live deployments of the environment and whether each conforms to the current policy. Each violation says what is required, what was found and how to fix it.
   *
   * Requires `policies.read`.
   *
   * `GET /v1/organizations/{organization}/environments/{environment}/conformity`
   */
  getConformity(input: GetConformityInput, options?: CallOptions): List<Conformity>

  /**
   * Read the policy about the age of an environment's keys.
   *
   * Answers with the policy about the age of the keys of an environment. As long as it was never set, it has no reminder and no maximum, and `version` is 0.
   *
   * Requires `policies.read`.
   *
   * `GET /v1/organizations/{organization}/environments/{environment}/policies/key-age`
   */
  getKeyAge(input: GetKeyAgeInput, options?: CallOptions): Promise<KeyAge>

  /**
   * Change the policy about the age of an environment's keys, or check the effect.
   *
   * Sets after how many days a secret of a key of the environment should be rolled, and for how many days it works. Gateways follow a new maximum at once: they refuse a secret that is older. `affected` lists the keys that it ends earlier than before, if you may read keys. With `dryRun` the answer is the same and nothing changes.
   *
   * Requires `policies.write`.
   *
   * `PUT /v1/organizations/{organization}/environments/{environment}/policies/key-age`
   */
  setKeyAge(input: SetKeyAgeInput, options?: CallOptions): Promise<SetKeyAgeOutput>

  /**
   * Read the policy about the age of keys without an environment.
   *
   * Answers with the same policy for the keys of the organization that have no environment.
   *
   * Requires `policies.read`.
   *
   * `GET /v1/organizations/{organization}/policies/key-age`
   */
  getOrganizationKeyAge(input?: GetOrganizationKeyAgeInput, options?: CallOptions): Promise<KeyAge>

  /**
   * Change the policy about the age of keys without an environment, or check the effect.
   *
   * Sets the same policy for the keys of the organization that have no environment. A maximum that would end every key with the role `owner` at once gets 409 `conflict` if no member is an owner.
   *
   * Requires `policies.write`.
   *
   * `PUT /v1/organizations/{organization}/policies/key-age`
   */
  setOrganizationKeyAge(
    input: SetOrganizationKeyAgeInput,
    options?: CallOptions,
  ): Promise<SetOrganizationKeyAgeOutput>

  /**
   * List the projects.
   *
   * Lists the projects. Every organization has the project `default`.
   *
   * Requires `pipelines.read`.
   *
   * `GET /v1/organizations/{organization}/projects`
   */
  listProjects(input?: ListProjectsInput, options?: CallOptions): List<Project>

  /**
   * Create a project.
   *
   * Creates an empty project. A name that is taken gets 409 `conflict`.
   *
   * Requires `pipelines.write`.
   *
   * `POST /v1/organizations/{organization}/projects`
   */
  createProject(input: CreateProjectInput, options?: CallOptions): Promise<Project>

  /**
   * Read a project.
   *
   * Answers with one project.
   *
   * Requires `pipelines.read`.
   *
   * `GET /v1/organizations/{organization}/projects/{project}`
   */
  getProject(input: GetProjectInput, options?: CallOptions): Promise<Project>

  /**
   * Change the description of a project.
   *
   * Changes the description of a project. Its name never changes.
   *
   * Requires `pipelines.write`.
   *
   * `PATCH /v1/organizations/{organization}/projects/{project}`
   */
  describeProject(input: DescribeProjectInput, options?: CallOptions): Promise<DescribeProjectOutput>

  /**
   * Remove an empty project.
   *
   * Removes a project without pipelines, also from the consumers that have it. A project that still has pipelines, and the project `default`, get 409 `conflict`.
   *
   * Requires `pipelines.write`.
   *
   * `DELETE /v1/organizations/{organization}/projects/{project}`
   */
  removeProject(input: RemoveProjectInput, options?: CallOptions): Promise<RemoveProjectOutput>

  /**
   * List the pipelines.
   *
   * Lists the pipelines, or those of one `project`.
   *
   * Requires `pipelines.read`.
   *
   * `GET /v1/organizations/{organization}/pipelines`
   */
  listPipelines(input?: ListPipelinesInput, options?: CallOptions): List<ListedPipeline>

  /**
   * Create a pipeline with its version 1.0.
   *
   * Creates a pipeline and saves its spec as version 1.0. Nothing is live until you deploy the version. A spec with mistakes gets 400 `invalid_request`, which lists all of them. A name that is taken gets 409 `conflict`.
   *
   * Requires `pipelines.write`.
   *
   * `POST /v1/organizations/{organization}/pipelines`
   */
  createPipeline(input: CreatePipelineInput, options?: CallOptions): Promise<Pipeline>

  /**
   * Read a pipeline with its newest version.
   *
   * Answers with a pipeline and the spec of its newest version.
   *
   * Requires `pipelines.read`.
   *
   * `GET /v1/organizations/{organization}/pipelines/{pipeline}`
   */
  getPipeline(input: GetPipelineInput, options?: CallOptions): Promise<Pipeline>

  /**
   * Remove a pipeline without live deployments.
   *
   * Removes a pipeline with all its versions and its associations with consumers. Its ended deployments stay in the history. While any version of it is deployed, the answer is 409 `conflict`.
   *
   * Requires `pipelines.write`.
   *
   * `DELETE /v1/organizations/{organization}/pipelines/{pipeline}`
   */
  removePipeline(input: RemovePipelineInput, options?: CallOptions): Promise<RemovePipelineOutput>

  /**
   * List the versions of a pipeline.
   *
   * Lists the versions of a pipeline with their specs.
   *
   * Requires `pipelines.read`.
   *
   * `GET /v1/organizations/{organization}/pipelines/{pipeline}/versions`
   */
  listVersions(input: ListVersionsInput, options?: CallOptions): List<PipelineVersion>

  /**
   * Save a new version of a pipeline.
   *
   * Saves the spec as the next version: the next minor, such as 1.1, or with `bump: "major"` the next major, such as 2.0. Name in `base` the version that you have changed: if another version was saved since, the answer is 409 `conflict`, and nothing is lost. Live deployments do not change until you deploy the version. A spec with mistakes gets 400 `invalid_request`, which lists all of them.
   *
   * Requires `pipelines.write`.
   *
   * `POST /v1/organizations/{organization}/pipelines/{pipeline}/versions`
   */
  createVersion(input: CreateVersionInput, options?: CallOptions): Promise<PipelineVersion>

  /**
   * Read a version of a pipeline.
   *
   * Answers with one version of a pipeline: its spec as it was saved.
   *
   * Requires `pipelines.read`.
   *
   * `GET /v1/organizations/{organization}/pipelines/{pipeline}/versions/{version}`
   */
  getVersion(input: GetVersionInput, options?: CallOptions): Promise<PipelineVersion>

  /**
   * List the runs of a scheduled pipeline.
   *
   * Lists the runs of a pipeline with a schedule in one environment. `outcome` is `succeeded`, or the code of the problem that ended the run. `missed` (no gateway could start it in time) and `skipped` (the run before went on) did not run; `replaced` (by the next run) and `interrupted` (its process stopped) were ended early.
   *
   * Requires `pipelines.read`.
   *
   * `GET /v1/organizations/{organization}/pipelines/{pipeline}/runs`
   */
  listScheduleRuns(input: ListScheduleRunsInput, options?: CallOptions): List<ScheduleRun>

  /**
   * Try expressions on a sample message.
   *
   * Evaluates expressions over a sample message, as one step of a deployed pipeline would, without storing or recording anything. The answer is 200 also if an expression fails: `failure` then has the place and the reason that `step_failed` would have. An expression that is not valid gets 400 `invalid_request`. An organization can call this 120 times a minute.
   *
   * Requires `pipelines.write`.
   *
   * `POST /v1/organizations/{organization}/expressions/evaluate`
   */
  evaluateExpressions(
    input: EvaluateExpressionsInput,
    options?: CallOptions,
  ): Promise<EvaluateExpressionsOutput>

  /**
   * List live or ended deployments.
   *
   * Lists the live deployments, of one `environment` or one `pipeline` if you say so. Use `state=all` for the history, which includes ended deployments of removed pipelines. You see those if your permission is not limited to a project or pipeline.
   *
   * Requires `pipelines.read`.
   *
   * `GET /v1/organizations/{organization}/deployments`
   */
  listDeployments(input?: ListDeploymentsInput, options?: CallOptions): List<ListedDeployment>

  /**
   * Deploy a version, or check whether it may be deployed.
   *
   * Makes a version live in an environment and answers with its `url`. It replaces the live deployment of the same pipeline and major version. A version that does not pass the gate gets 422 `deployment_refused`, and `violations` lists every reason with its fix. With `dryRun` the version only passes the gate: the answer is 200 and nothing changes.
   *
   * Requires `pipelines.deploy`.
   *
   * `POST /v1/organizations/{organization}/deployments`
   */
  deploy(input: DeployInput, options?: CallOptions): Promise<DeployOutput>

  /**
   * Read a deployment with its probe results.
   *
   * Answers with a deployment and its probe: for each route, the answer that a caller without credentials got just after the deployment. `alarm` is true if a route let that caller in although the pipeline requires authentication.
   *
   * Requires `pipelines.read`.
   *
   * `GET /v1/organizations/{organization}/deployments/{deployment}`
   */
  getDeployment(input: GetDeploymentInput, options?: CallOptions): Promise<Deployment>

  /**
   * Remove a live deployment.
   *
   * Ends a live deployment. Once the receipt is confirmed, its callers get 404 `route_not_found`. The deployment stays in the history. One that has ended already gets 404 `not_found`.
   *
   * Requires `pipelines.deploy`.
   *
   * `DELETE /v1/organizations/{organization}/deployments/{deployment}`
   */
  undeploy(input: UndeployInput, options?: CallOptions): Promise<UndeployOutput>

  /**
   * Deploy the same version in another environment.
   *
   * Deploys the version of a live deployment in another environment, through the gate of that environment. A deployment that has ended gets 409 `conflict`, and a version that does not pass the gate 422 `deployment_refused`. Needs the second permission in the target environment.
   *
   * Requires `pipelines.read` and `pipelines.deploy`.
   *
   * `POST /v1/organizations/{organization}/deployments/{deployment}/promote`
   */
  promote(input: PromoteInput, options?: CallOptions): Promise<PromoteOutput>

  /**
   * Deploy the version that was live before.
   *
   * Deploys the version that was live before this deployment, in the same environment. The rollback is a deployment too, so you can roll it back. A deployment that has ended, or that no other version preceded, gets 409 `conflict`.
   *
   * Requires `pipelines.deploy`.
   *
   * `POST /v1/organizations/{organization}/deployments/{deployment}/rollback`
   */
  rollback(input: RollbackInput, options?: CallOptions): Promise<RollbackOutput>

  /**
   * Deploy the same version again in the same environment.
   *
   * Deploys the version of a deployment again in the same environment, live or ended. It passes the gate as it is today, so it can get 422 `deployment_refused`. A deployment of a removed pipeline gets 409 `conflict`.
   *
   * Requires `pipelines.deploy`.
   *
   * `POST /v1/organizations/{organization}/deployments/{deployment}/redeploy`
   */
  redeploy(input: RedeployInput, options?: CallOptions): Promise<RedeployOutput>

  /**
   * List the secrets of an environment, without their values.
   *
   * Lists the secrets of an environment without their values.
   *
   * Requires `secrets.read`.
   *
   * `GET /v1/organizations/{organization}/environments/{environment}/secrets`
   */
  listSecrets(input: ListSecretsInput, options?: CallOptions): List<Secret>

  /**
   * Read a secret, without its value.
   *
   * Answers with the name and the times of a secret. The API never returns its value.
   *
   * Requires `secrets.read`.
   *
   * `GET /v1/organizations/{organization}/environments/{environment}/secrets/{name}`
   */
  getSecret(input: GetSecretInput, options?: CallOptions): Promise<Secret>

  /**
   * Create a secret, or replace its value.
   *
   * Creates a secret or replaces its value. Pipelines use it as `{secrets.NAME}` in URLs and headers. Gateways use a new value as soon as the receipt is confirmed.
   *
   * Requires `secrets.write`.
   *
   * `PUT /v1/organizations/{organization}/environments/{environment}/secrets/{name}`
   */
  putSecret(input: PutSecretInput, options?: CallOptions): Promise<PutSecretOutput>

  /**
   * Remove a secret that no live deployment uses.
   *
   * Removes a secret. While a live deployment uses it, the answer is 409 `conflict`, and `usedBy` names the deployments.
   *
   * Requires `secrets.write`.
   *
   * `DELETE /v1/organizations/{organization}/environments/{environment}/secrets/{name}`
   */
  removeSecret(input: RemoveSecretInput, options?: CallOptions): Promise<RemoveSecretOutput>

  /**
   * List the variables of an environment.
   *
   * Lists the variables of an environment.
   *
   * Requires `variables.read`.
   *
   * `GET /v1/organizations/{organization}/environments/{environment}/variables`
   */
  listVariables(input: ListVariablesInput, options?: CallOptions): List<Variable>

  /**
   * Read a variable.
   *
   * Answers with a variable and its value.
   *
   * Requires `variables.read`.
   *
   * `GET /v1/organizations/{organization}/environments/{environment}/variables/{name}`
   */
  getVariable(input: GetVariableInput, options?: CallOptions): Promise<Variable>

  /**
   * Create a variable, or replace its value.
   *
   * Creates a variable or replaces its value. Pipelines use it as `{vars.NAME}` in URLs, also in the host, and in headers. Live deployments use a new value as soon as the receipt is confirmed. A value that a live deployment cannot use gets 409 `conflict`, and `usedBy` names the deployments.
   *
   * Requires `variables.write`.
   *
   * `PUT /v1/organizations/{organization}/environments/{environment}/variables/{name}`
   */
  putVariable(input: PutVariableInput, options?: CallOptions): Promise<PutVariableOutput>

  /**
   * Remove a variable that no live deployment uses.
   *
   * Removes a variable. While a live deployment uses it, the answer is 409 `conflict`, and `usedBy` names the deployments.
   *
   * Requires `variables.write`.
   *
   * `DELETE /v1/organizations/{organization}/environments/{environment}/variables/{name}`
   */
  removeVariable(input: RemoveVariableInput, options?: CallOptions): Promise<RemoveVariableOutput>

  /**
   * List the signing keys of an environment.
   *
   * Lists the keys that sign or verify the JWTs of an environment, the one that signs first. Private keys never leave the server.
   *
   * Requires `signing-keys.read`.
   *
   * `GET /v1/organizations/{organization}/environments/{environment}/signing-keys`
   */
  listSigningKeys(input: ListSigningKeysInput, options?: CallOptions): List<SigningKey>

  /**
   * Rotate the signing key of an environment.
   *
   * Creates the key that signs the JWTs of the environment from now on. The previous key goes on verifying for `overlapSeconds`, by default until the tokens that it signed have expired. Set it to 0 to invalidate them at once.
   *
   * Requires `signing-keys.write`.
   *
   * `POST /v1/organizations/{organization}/environments/{environment}/signing-keys/rotate`
   */
  rotateSigningKey(input: RotateSigningKeyInput, options?: CallOptions): Promise<RotateSigningKeyOutput>

  /**
   * Remove a key that only verifies, and invalidate its tokens.
   *
   * Removes a key that no longer signs, and invalidates every token that it signed. The key that signs gets 409 `conflict`: rotate it with `overlapSeconds` 0 instead.
   *
   * Requires `signing-keys.write`.
   *
   * `DELETE /v1/organizations/{organization}/environments/{environment}/signing-keys/{signingKey}`
   */
  removeSigningKey(input: RemoveSigningKeyInput, options?: CallOptions): Promise<RemoveSigningKeyOutput>

  /**
   * List the trusted issuers of an environment.
   *
   * Lists the issuers whose JWTs the environment accepts.
   *
   * Requires `signing-keys.read`.
   *
   * `GET /v1/organizations/{organization}/environments/{environment}/issuers`
   */
  listIssuers(input: ListIssuersInput, options?: CallOptions): List<Issuer>

  /**
   * Trust the JWTs of an issuer in an environment.
   *
   * Makes the environment accept the JWTs of an issuer. Give either `jwksUrl`, where the issuer publishes its keys, or the keys themselves as `jwks`. A token must contain one of the values of `audience`. An issuer that the environment trusts already gets 409 `conflict`.
   *
   * Requires `signing-keys.write`.
   *
   * `POST /v1/organizations/{organization}/environments/{environment}/issuers`
   */
  createIssuer(input: CreateIssuerInput, options?: CallOptions): Promise<Issuer>

  /**
   * Read a trusted issuer.
   *
   * Answers with one trusted issuer and its public keys, if they were given as `jwks`.
   *
   * Requires `signing-keys.read`.
   *
   * `GET /v1/organizations/{organization}/environments/{environment}/issuers/{issuer}`
   */
  getIssuer(input: GetIssuerInput, options?: CallOptions): Promise<Issuer>

  /**
   * Stop trusting an issuer.
   *
   * Makes the environment reject the JWTs of an issuer. They stop working as soon as the receipt is confirmed.
   *
   * Requires `signing-keys.write`.
   *
   * `DELETE /v1/organizations/{organization}/environments/{environment}/issuers/{issuer}`
   */
  removeIssuer(input: RemoveIssuerInput, options?: CallOptions): Promise<RemoveIssuerOutput>

  /**
   * List the plans of an environment.
   *
   * Lists the plans of an environment.
   *
   * Requires `consumers.read`.
   *
   * `GET /v1/organizations/{organization}/environments/{environment}/plans`
   */
  listPlans(input: ListPlansInput, options?: CallOptions): List<Plan>

  /**
   * Create a plan that consumers can have.
   *
   * Creates a plan. Give it to consumers with their `plan`. Each consumer is counted on its own, over all pipelines of the environment or, with `scope: "pipeline"`, for each pipeline.
   *
   * Requires `consumers.write`.
   *
   * `POST /v1/organizations/{organization}/environments/{environment}/plans`
   */
  createPlan(input: CreatePlanInput, options?: CallOptions): Promise<Plan>

  /**
   * Read a plan.
   *
   * Answers with one plan.
   *
   * Requires `consumers.read`.
   *
   * `GET /v1/organizations/{organization}/environments/{environment}/plans/{plan}`
   */
  getPlan(input: GetPlanInput, options?: CallOptions): Promise<Plan>

  /**
   * Update a plan for all consumers that have it.
   *
   * Changes the fields that you send. `rateLimits` replaces the whole list, which holds for all consumers of the plan as soon as the receipt is confirmed; what they have used stays used. A key with rate limits of its own cannot change those of a plan.
   *
   * Requires `consumers.write`.
   *
   * `PATCH /v1/organizations/{organization}/environments/{environment}/plans/{plan}`
   */
  updatePlan(input: UpdatePlanInput, options?: CallOptions): Promise<UpdatePlanOutput>

  /**
   * Remove a plan that no consumer has.
   *
   * Removes a plan. While a consumer has it, the answer is 409 `conflict`, and `usedBy` names the consumers that you may read, at most 50.
   *
   * Requires `consumers.write`.
   *
   * `DELETE /v1/organizations/{organization}/environments/{environment}/plans/{plan}`
   */
  removePlan(input: RemovePlanInput, options?: CallOptions): Promise<RemovePlanOutput>

  /**
   * List the consumers.
   *
   * Lists the consumers, or those of one `environment` or with a `label`.
   *
   * Requires `consumers.read`.
   *
   * `GET /v1/organizations/{organization}/consumers`
   */
  listConsumers(input?: ListConsumersInput, options?: CallOptions): List<Consumer>

  /**
   * Create a consumer with its first key.
   *
   * Creates a consumer with its first key, whose `token` is shown only once. The consumer may call the `pipelines` that you list, and every pipeline of the `projects`, also those that come later. `key` sets an expiry, address rules and rate limits of the first key; if your own key has such bounds, set some that are no wider. A name that is taken in the environment gets 409 `conflict`.
   *
   * Requires `consumers.write` and `keys.create`.
   *
   * `POST /v1/organizations/{organization}/consumers`
   */
  createConsumer(input: CreateConsumerInput, options?: CallOptions): Promise<CreateConsumerOutput>

  /**
   * Read a consumer.
   *
   * Answers with one consumer.
   *
   * Requires `consumers.read`.
   *
   * `GET /v1/organizations/{organization}/consumers/{consumer}`
   */
  getConsumer(input: GetConsumerInput, options?: CallOptions): Promise<Consumer>

  /**
   * Update a consumer, or switch it off or on.
   *
   * Changes the fields that you send. `pipelines` and `projects` replace the whole list, and `labels` all labels. `status: "inactive"` makes every gateway reject all keys of the consumer until you set it to `active` again.
   *
   * Requires `consumers.write`.
   *
   * `PATCH /v1/organizations/{organization}/consumers/{consumer}`
   */
  updateConsumer(input: UpdateConsumerInput, options?: CallOptions): Promise<UpdateConsumerOutput>

  /**
   * Remove a consumer with its keys and Basic credentials.
   *
   * Removes a consumer with its Basic credentials, deletes its keys and ends its portal sessions. Its callers are rejected as soon as the receipt is confirmed. Needs the second permission only if the consumer has keys.
   *
   * Requires `consumers.write` and `keys.delete`.
   *
   * `DELETE /v1/organizations/{organization}/consumers/{consumer}`
   */
  removeConsumer(input: RemoveConsumerInput, options?: CallOptions): Promise<RemoveConsumerOutput>

  /**
   * Let a consumer call one more pipeline.
   *
   * Lets a consumer call one more pipeline. What another person adds or removes at the same time stays. If it may call the pipeline already, nothing changes.
   *
   * Requires `consumers.write` and `pipelines.read`.
   *
   * `POST /v1/organizations/{organization}/consumers/{consumer}/pipelines`
   */
  addConsumerPipeline(
    input: AddConsumerPipelineInput,
    options?: CallOptions,
  ): Promise<AddConsumerPipelineOutput>

  /**
   * End that a consumer may call a pipeline.
   *
   * Ends that a consumer may call a pipeline by an association of its own. If it has the project of the pipeline too, it may still call it. What another person adds or removes at the same time stays. If the pipeline is not among its `pipelines`, the answer is 404.
   *
   * Requires `consumers.write`.
   *
   * `DELETE /v1/organizations/{organization}/consumers/{consumer}/pipelines/{pipeline}`
   */
  removeConsumerPipeline(
    input: RemoveConsumerPipelineInput,
    options?: CallOptions,
  ): Promise<RemoveConsumerPipelineOutput>

  /**
   * Let a consumer call every pipeline of one more project.
   *
   * Lets a consumer call every pipeline of one more project, also those that come later. What another person adds or removes at the same time stays. If it may do so already, nothing changes. The second permission must hold for the whole project.
   *
   * Requires `consumers.write` and `pipelines.read`.
   *
   * `POST /v1/organizations/{organization}/consumers/{consumer}/projects`
   */
  addConsumerProject(input: AddConsumerProjectInput, options?: CallOptions): Promise<AddConsumerProjectOutput>

  /**
   * End that a consumer may call every pipeline of a project.
   *
   * Ends that a consumer may call every pipeline of a project. Pipelines of the project that are among its own `pipelines` stay. What another person adds or removes at the same time stays. If the project is not among its `projects`, the answer is 404.
   *
   * Requires `consumers.write`.
   *
   * `DELETE /v1/organizations/{organization}/consumers/{consumer}/projects/{project}`
   */
  removeConsumerProject(
    input: RemoveConsumerProjectInput,
    options?: CallOptions,
  ): Promise<RemoveConsumerProjectOutput>

  /**
   * List the Basic credentials of a consumer.
   *
   * Lists the usernames of a consumer. The API never returns their passwords.
   *
   * Requires `consumers.read`.
   *
   * `GET /v1/organizations/{organization}/consumers/{consumer}/basic-credentials`
   */
  listBasicCredentials(input: ListBasicCredentialsInput, options?: CallOptions): List<BasicCredential>

  /**
   * Create a Basic credential for a consumer.
   *
   * Creates a username with a generated password, for pipelines that require Basic authentication. The `password` in the answer is shown only once. A username that is taken in the environment gets 409 `conflict`.
   *
   * Requires `consumers.write`.
   *
   * `POST /v1/organizations/{organization}/consumers/{consumer}/basic-credentials`
   */
  createBasicCredential(
    input: CreateBasicCredentialInput,
    options?: CallOptions,
  ): Promise<CreateBasicCredentialOutput>

  /**
   * Remove a Basic credential of a consumer.
   *
   * Removes a username and its password. Gateways reject it as soon as the receipt is confirmed, and the username is free again.
   *
   * Requires `consumers.write`.
   *
   * `DELETE /v1/organizations/{organization}/consumers/{consumer}/basic-credentials/{username}`
   */
  removeBasicCredential(
    input: RemoveBasicCredentialInput,
    options?: CallOptions,
  ): Promise<RemoveBasicCredentialOutput>

  /**
   * List the built-in and custom roles.
   *
   * Lists the built-in roles, then the custom ones, each by name.
   *
   * Requires `roles.read`.
   *
   * `GET /v1/organizations/{organization}/roles`
   */
  listRoles(input?: ListRolesInput, options?: CallOptions): List<ListedRole>

  /**
   * Create a custom role.
   *
   * Creates a role with 1 to 200 permissions, each of which an environment, a project or a pipeline can limit. You can only give permissions that you have yourself; others get 403 `permission_missing`. A name that is taken gets 409 `conflict`.
   *
   * Requires `roles.write`.
   *
   * `POST /v1/organizations/{organization}/roles`
   */
  createRole(input: CreateRoleInput, options?: CallOptions): Promise<ListedRole>

  /**
   * Read a role and who has it.
   *
   * Answers with a role and the keys and external keys that have it, of those that you may read.
   *
   * Requires `roles.read`.
   *
   * `GET /v1/organizations/{organization}/roles/{role}`
   */
  getRole(input: GetRoleInput, options?: CallOptions): Promise<Role>

  /**
   * Replace the permissions of a custom role.
   *
   * Replaces the permissions of a custom role. Every key that has it has the new permissions from its next request, and gateways apply them as soon as the receipt is confirmed. You cannot add a permission that you lack, nor any to a role that you have yourself: 403 `permission_missing`. A built-in role gets 409 `conflict`.
   *
   * Requires `roles.write`.
   *
   * `PATCH /v1/organizations/{organization}/roles/{role}`
   */
  updateRole(input: UpdateRoleInput, options?: CallOptions): Promise<UpdateRoleOutput>

  /**
   * Remove a custom role that no key has.
   *
   * Removes a custom role. While a key that is not deleted, or an external key, has it, the answer is 409 `conflict`, and `usedBy` lists them. A built-in role gets 409 `conflict`.
   *
   * Requires `roles.write`.
   *
   * `DELETE /v1/organizations/{organization}/roles/{role}`
   */
  removeRole(input: RemoveRoleInput, options?: CallOptions): Promise<RemoveRoleOutput>

  /**
   * Show what a set of roles permits.
   *
   * Answers with what a key with these roles may do: each permission once, without those that a wider one includes. It changes nothing.
   *
   * Requires `roles.read`.
   *
   * `POST /v1/organizations/{organization}/roles/preview`
   */
  previewRoles(input: PreviewRolesInput, options?: CallOptions): Promise<PreviewRolesOutput>

  /**
   * List the members.
   *
   * Lists the members, oldest first.
   *
   * Requires `members.read`.
   *
   * `GET /v1/organizations/{organization}/members`
   */
  listMembers(input?: ListMembersInput, options?: CallOptions): List<Member>

  /**
   * Read a member.
   *
   * Answers with a member.
   *
   * Requires `members.read`.
   *
   * `GET /v1/organizations/{organization}/members/{member}`
   */
  getMember(input: GetMemberInput, options?: CallOptions): Promise<Member>

  /**
   * Replace the roles of a member.
   *
   * Replaces the roles of a member, which counts from the next request in every session. You need every permission that the member had and gets. The last owner must stay an owner: 409 `conflict`. A person who takes the role `owner` from a member must confirm first: 403 `step_up_required`.
   *
   * Requires `members.write`.
   *
   * `PATCH /v1/organizations/{organization}/members/{member}`
   */
  updateMember(input: UpdateMemberInput, options?: CallOptions): Promise<UpdateMemberOutput>

  /**
   * Remove a member, or leave.
   *
   * Removes a member, whose next request to the organization is refused, in open sessions too. Everybody may leave; to remove another member you need every permission that the member has. The last owner stays: 409 `conflict`. A person who removes an owner must confirm first: 403 `step_up_required`.
   *
   * Requires `members.write`.
   *
   * `DELETE /v1/organizations/{organization}/members/{member}`
   */
  removeMember(input: RemoveMemberInput, options?: CallOptions): Promise<RemoveMemberOutput>

  /**
   * List the open invitations.
   *
   * Lists the invitations that were neither accepted nor withdrawn, oldest first. One that has expired is listed for 30 more days.
   *
   * Requires `members.read`.
   *
   * `GET /v1/organizations/{organization}/invitations`
   */
  listInvitations(input?: ListInvitationsInput, options?: CallOptions): List<Invitation>

  /**
   * Invite a person.
   *
   * Invites a person by e-mail address. The `link` opens once, within 7 days, for this address only. You can only give roles whose permissions you have yourself, and the invitation works only as long as you have them.
   *
   * Requires `members.write`.
   *
   * `POST /v1/organizations/{organization}/invitations`
   */
  createInvitation(input: CreateInvitationInput, options?: CallOptions): Promise<CreateInvitationOutput>

  /**
   * Withdraw an invitation.
   *
   * Withdraws an invitation, whose link then no longer works.
   *
   * Requires `members.write`.
   *
   * `DELETE /v1/organizations/{organization}/invitations/{invitation}`
   */
  withdrawInvitation(input: WithdrawInvitationInput, options?: CallOptions): Promise<WithdrawInvitationOutput>

  /**
   * List, search and count the keys.
   *
   * Lists the keys that match all filters that you send, in the order of `sort`. `total` counts them, and only those that you may read. A page can have fewer items than `limit`, or none, although another page follows: read on until `next` is null. An answer contains the `token` of a public key only.
   *
   * Requires `keys.read`.
   *
   * `GET /v1/organizations/{organization}/keys`
   */
  listKeys(
    input?: ListKeysInput,
    options?: CallOptions,
  ): List<
    ListedKey,
    {
      /** How many items all pages have together; at least so many if it is not exact. */
      readonly total: number
      /** Whether `total` is exact. */
      readonly totalIsExact: boolean
    }
  >

  /**
   * Create a key.
   *
   * Creates a key of the organization, or of a consumer if you give its id. The `token` of a secret key is shown only once. You can only give roles whose permissions you have yourself; others get 403 `permission_missing`. With `handOver`, the answer has a link that shows the token once, instead of the token.
   *
   * Requires `keys.create`.
   *
   * `POST /v1/organizations/{organization}/keys`
   */
  createKey(input: CreateKeyInput, options?: CallOptions): Promise<CreateKeyOutput>

  /**
   * Read a key.
   *
   * Answers with a key, its state, and the number of requests and the last use of each of its secrets. A deleted key still names its consumer. The answer contains the `token` of a public key only.
   *
   * Requires `keys.read`.
   *
   * `GET /v1/organizations/{organization}/keys/{key}`
   */
  getKey(input: GetKeyInput, options?: CallOptions): Promise<Key>

  /**
   * Update a key, or switch it off or on.
   *
   * Changes the fields that you send. `labels` replaces all labels. `status: "inactive"` makes every gateway reject the key until you set it to `active` again. A deleted key, and a change that leaves the organization without an owner key, get 409 `conflict`.
   *
   * Requires `keys.write`.
   *
   * `PATCH /v1/organizations/{organization}/keys/{key}`
   */
  updateKey(input: UpdateKeyInput, options?: CallOptions): Promise<UpdateKeyOutput>

  /**
   * Delete a key permanently.
   *
   * Deletes a key for good, and withdraws its hand-overs. Gateways reject it as soon as the receipt is confirmed. To delete it again changes nothing and answers with a receipt. The last owner key of the organization gets 409 `conflict`.
   *
   * Requires `keys.delete`.
   *
   * `DELETE /v1/organizations/{organization}/keys/{key}`
   */
  deleteKey(input: DeleteKeyInput, options?: CallOptions): Promise<DeleteKeyOutput>

  /**
   * Export the keys as NDJSON or CSV.
   *
   * Streams the keys that match all filters that you send and that you may read, oldest first, without secrets, as NDJSON or, with `Accept: text/csv`, as CSV. An export that fails is cut off, and only a complete one in NDJSON ends with a line `{"export": {"keys", "filter"}}`. In CSV, what a spreadsheet could take for a formula has an apostrophe in front. Each export is recorded in the audit log, and one actor can start 120 in an hour, one at a time.
   *
   * Requires `keys.read`.
   *
   * `GET /v1/organizations/{organization}/keys/export`
   */
  exportKeys(input?: ExportKeysInput, options?: CallOptions): Promise<Response>

  /**
   * Find the key of a token.
   *
   * Tells whose a token is, and whether it works. It also knows the old secrets of a key, and deleted keys. A token that is unknown, of another organization, or of a key that you may not read gets 404 `not_found`. The token is neither kept nor logged.
   *
   * Requires `keys.read`.
   *
   * `POST /v1/organizations/{organization}/keys/lookup`
   */
  lookUpKey(input: LookUpKeyInput, options?: CallOptions): Promise<LookUpKeyOutput>

  /**
   * Create a new secret for a key; the old one still works during the grace period.
   *
   * Creates a new secret for a key. The old secret works for `graceSeconds` more, by default 12 hours, so that you can replace it everywhere; with 0, gateways reject it as soon as the receipt is confirmed. The new `token` is shown only once; with `handOver`, the answer has a link that shows it instead, and the grace begins now. A key with a pending roll gets 409 `roll_pending`, and a key that is not active 409 `key_not_rollable`.
   *
   * Requires `keys.roll`.
   *
   * `POST /v1/organizations/{organization}/keys/{key}/roll`
   */
  rollKey(input: RollKeyInput, options?: CallOptions): Promise<RollKeyOutput>

  /**
   * End the old secret now.
   *
   * Ends the old secret of a pending roll before its grace is over. Gateways reject it as soon as the receipt is confirmed. Without a pending roll the answer is 409 `conflict`.
   *
   * Requires `keys.roll`.
   *
   * `POST /v1/organizations/{organization}/keys/{key}/roll/finish`
   */
  finishRoll(input: FinishRollInput, options?: CallOptions): Promise<FinishRollOutput>

  /**
   * End the new secret now and keep the old one.
   *
   * Ends the new secret of a pending roll. The old secret goes on as before. Without a pending roll the answer is 409 `conflict`.
   *
   * Requires `keys.roll`.
   *
   * `POST /v1/organizations/{organization}/keys/{key}/roll/undo`
   */
  undoRoll(input: UndoRollInput, options?: CallOptions): Promise<UndoRollOutput>

  /**
   * Read how a key rolls on a schedule.
   *
   * Answers with the schedule by which a key rolls, when it rolls next, and what kept it from rolling. A key without one gets 404 `not_found`.
   *
   * Requires `keys.read`.
   *
   * `GET /v1/organizations/{organization}/keys/{key}/rotation`
   */
  getRotation(input: GetRotationInput, options?: CallOptions): Promise<Rotation>

  /**
   * Have a key rolled on a schedule.
   *
   * Has a key rolled `rotateEveryDays` days after the creation of its newest secret, again and again, and each new token sent to one webhook: as an event `key.rotated` with the `token`, or with `handOver`, with a link that shows it once. The old token works until the new one has arrived, and for 12 hours more; if it does not arrive, the roll is undone. Each roll needs that you may roll the key at that time. A public key, and a key whose new token is being delivered, get 409 `conflict`.
   *
   * Requires `keys.roll`.
   *
   * `PUT /v1/organizations/{organization}/keys/{key}/rotation`
   */
  setRotation(input: SetRotationInput, options?: CallOptions): Promise<SetRotationOutput>

  /**
   * End the rolls of a key on a schedule.
   *
   * Ends the rolls of a key on a schedule. Its secrets stay. While a new token is being delivered the answer is 409 `conflict`.
   *
   * Requires `keys.roll`.
   *
   * `DELETE /v1/organizations/{organization}/keys/{key}/rotation`
   */
  removeRotation(input: RemoveRotationInput, options?: CallOptions): Promise<RemoveRotationOutput>

  /**
   * Verify credentials as a gateway would.
   *
   * Answers whether a gateway would accept a caller's credentials, with the gateway's own decision. `code` is `valid`, or the code that the caller would get. Send `token`, `jwt` or `basic`, and the call by `environment` with `pipeline` or `path`; `missing` names the parts that the call lacks. Nothing is counted against the key.
   *
   * Requires `keys.verify`.
   *
   * `POST /v1/organizations/{organization}/verify`
   */
  verify(input?: VerifyInput, options?: CallOptions): Promise<VerifyOutput>

  /**
   * List the hand-overs.
   *
   * Lists the hand-overs, oldest first: those that are pending, and the newest 1000 that were opened, expired or withdrawn. You see those of the keys that you may read. An answer never contains the link.
   *
   * Requires `keys.read`.
   *
   * `GET /v1/organizations/{organization}/hand-overs`
   */
  listHandOvers(input?: ListHandOversInput, options?: CallOptions): List<HandOver>

  /**
   * Read a hand-over.
   *
   * Answers with a hand-over, without its link: its state, and the address and the browser that opened it.
   *
   * Requires `keys.read`.
   *
   * `GET /v1/organizations/{organization}/hand-overs/{handOver}`
   */
  getHandOver(input: GetHandOverInput, options?: CallOptions): Promise<HandOver>

  /**
   * Withdraw a hand-over.
   *
   * Withdraws a hand-over: the link no longer shows the token, which is deleted. The key and its secret stay. A hand-over that was opened gets 409 `conflict`; to withdraw one that has ended otherwise changes nothing.
   *
   * Requires `keys.write`.
   *
   * `DELETE /v1/organizations/{organization}/hand-overs/{handOver}`
   */
  withdrawHandOver(input: WithdrawHandOverInput, options?: CallOptions): Promise<WithdrawHandOverOutput>

  /**
   * List the imports.
   *
   * Lists the imports, oldest first unless `sort` says otherwise: all of them with `keys.read` for the whole organization, otherwise your own. They are removed 90 days after their end.
   *
   * Requires `keys.read`.
   *
   * `GET /v1/organizations/{organization}/imports`
   */
  listImports(input?: ListImportsInput, options?: CallOptions): List<ListedImport>

  /**
   * Import keys that were issued elsewhere.
   *
   * Takes a file of CSV with a header, or of NDJSON, with one key on each line: `name`, and `token` or `sha256`; if you like also `type`, `environment`, `consumer` (its name or id), `roles`, `status`, `expiresAt`, `labels` and `hint`. A token becomes its SHA-256 while it arrives, and is kept nowhere. The answer comes when the whole file has arrived; its keys are made afterwards, and a line with a problem hinders no other line. At most 3 imports of an organization are under way at a time; another one gets 409 `conflict`.
   *
   * Requires `keys.create`.
   *
   * `POST /v1/organizations/{organization}/imports`
   */
  importKeys(input: ImportKeysInput, options?: CallOptions): Promise<Import>

  /**
   * Read an import.
   *
   * Answers with the progress of an import, and its problems by line: the first 1,000, and how many there are. A problem never contains a token. Your own imports need no permission to read.
   *
   * Requires `keys.read`.
   *
   * `GET /v1/organizations/{organization}/imports/{import}`
   */
  getImport(input: GetImportInput, options?: CallOptions): Promise<Import>

  /**
   * Stop an import.
   *
   * Stops an import. The keys that it has made stay. To stop one that has ended changes nothing and answers with a receipt.
   *
   * Requires `keys.create`.
   *
   * `DELETE /v1/organizations/{organization}/imports/{import}`
   */
  stopImport(input: StopImportInput, options?: CallOptions): Promise<StopImportOutput>

  /**
   * Make a link to the portal of a consumer.
   *
   * Makes a link that opens a portal session for one consumer, once. You also need the permission of each scope in the environment of the consumer. The session ends after `expiresInSeconds`, with the key that calls, when you lose the permission, and when the consumer is removed. A consumer has at most 100 sessions at a time; another one gets 409 `conflict`.
   *
   * Requires `consumers.open-portal`.
   *
   * `POST /v1/organizations/{organization}/consumers/{consumer}/portal-sessions`
   */
  createPortalSession(
    input: CreatePortalSessionInput,
    options?: CallOptions,
  ): Promise<CreatePortalSessionOutput>

  /**
   * List the portal sessions.
   *
   * Lists the portal sessions, oldest first, until 30 days after their end. You see those of the consumers that you may read. An answer never contains the link.
   *
   * Requires `consumers.read`.
   *
   * `GET /v1/organizations/{organization}/portal-sessions`
   */
  listPortalSessions(input?: ListPortalSessionsInput, options?: CallOptions): List<PortalSession>

  /**
   * Read a portal session.
   *
   * Answers with a portal session, without its link: its state, and from where it was opened.
   *
   * Requires `consumers.read`.
   *
   * `GET /v1/organizations/{organization}/portal-sessions/{portalSession}`
   */
  getPortalSession(input: GetPortalSessionInput, options?: CallOptions): Promise<PortalSession>

  /**
   * End a portal session, or withdraw its link.
   *
   * Ends a portal session at once, or withdraws its link. To end one that has ended changes nothing.
   *
   * Requires `consumers.open-portal`.
   *
   * `DELETE /v1/organizations/{organization}/portal-sessions/{portalSession}`
   */
  endPortalSession(input: EndPortalSessionInput, options?: CallOptions): Promise<EndPortalSessionOutput>

  /**
   * List where secrets were found in public.
   *
   * Lists the leaks of the keys that you may read, newest first; of each key the newest 100. `stillLive` says which secrets still work. An answer never contains a token.
   *
   * Requires `keys.read`.
   *
   * `GET /v1/organizations/{organization}/leaks`
   */
  listLeaks(input?: ListLeaksInput, options?: CallOptions): List<Leak>

  /**
   * List the external keys.
   *
   * Lists the external keys, oldest first.
   *
   * Requires `external-keys.read`.
   *
   * `GET /v1/organizations/{organization}/external-keys`
   */
  listExternalKeys(input?: ListExternalKeysInput, options?: CallOptions): List<ExternalKey>

  /**
   * Add another organization's key.
   *
   * Gives roles to a key of another organization, by the id that its owner tells you. The key then works here with these roles and nothing else, under the expiry, address rules and rate limits that its owner set, and under your own. You can only give roles whose permissions you have yourself. An unknown id and a key that its owner does not let you add get the same 400 `invalid_request`; a key that you have already gets 409 `conflict`.
   *
   * Requires `external-keys.write`.
   *
   * `POST /v1/organizations/{organization}/external-keys`
   */
  addExternalKey(input: AddExternalKeyInput, options?: CallOptions): Promise<ExternalKey>

  /**
   * Read an external key.
   *
   * Answers with an external key. `status` is `inactive` while the key does not work here, and `reason` says which side ended that.
   *
   * Requires `external-keys.read`.
   *
   * `GET /v1/organizations/{organization}/external-keys/{externalKey}`
   */
  getExternalKey(input: GetExternalKeyInput, options?: CallOptions): Promise<ExternalKey>

  /**
   * Update an external key, or switch it off or on.
   *
   * Changes the fields that you send. `status: "inactive"` makes every gateway refuse the key here until you set it to `active` again. A change that gives the key more needs the permissions that it gives.
   *
   * Requires `external-keys.write`.
   *
   * `PATCH /v1/organizations/{organization}/external-keys/{externalKey}`
   */
  updateExternalKey(input: UpdateExternalKeyInput, options?: CallOptions): Promise<UpdateExternalKeyOutput>

  /**
   * Remove an external key.
   *
   * Ends what the key may do here. Gateways refuse it as soon as the receipt is confirmed. In its own organization it stays as it is.
   *
   * Requires `external-keys.write`.
   *
   * `DELETE /v1/organizations/{organization}/external-keys/{externalKey}`
   */
  removeExternalKey(input: RemoveExternalKeyInput, options?: CallOptions): Promise<RemoveExternalKeyOutput>

  /**
   * List which organizations accept keys of the organization.
   *
   * Lists which organizations have added keys of yours that you may read, by the id of the key and then by the slug of the organization. Deleted keys are left out, as are organizations that you forbid a key and that have not added it: see the acceptances of the key.
   *
   * Requires `keys.read`.
   *
   * `GET /v1/organizations/{organization}/acceptances`
   */
  listAcceptances(input?: ListAcceptancesInput, options?: CallOptions): List<Acceptance>

  /**
   * Read whether other organizations may accept keys of the organization.
   *
   * Answers whether other organizations may accept keys of yours at all. If not, no rule of a key lets one accept it.
   *
   * Requires `keys.read`.
   *
   * `GET /v1/organizations/{organization}/settings/acceptances`
   */
  getOrganizationAcceptance(
    input?: GetOrganizationAcceptanceInput,
    options?: CallOptions,
  ): Promise<OrganizationAcceptance>

  /**
   * Forbid or allow that other organizations accept the organization's keys.
   *
   * Forbids with `allowed: false` that other organizations accept any key of yours. Where they are external keys, they stop working as soon as the receipt is confirmed. With `allowed: true` they work there again, unless another rule forbids it. You need what each key has that works again.
   *
   * Requires `keys.write`.
   *
   * `PUT /v1/organizations/{organization}/settings/acceptances`
   */
  setOrganizationAcceptance(
    input: SetOrganizationAcceptanceInput,
    options?: CallOptions,
  ): Promise<SetOrganizationAcceptanceOutput>

  /**
   * Read which organizations accept a key.
   *
   * Answers with the organizations that have added one of your keys, and those that may not accept it.
   *
   * Requires `keys.read`.
   *
   * `GET /v1/organizations/{organization}/keys/{key}/acceptances`
   */
  getAcceptances(input: GetAcceptancesInput, options?: CallOptions): Promise<Acceptances>

  /**
   * Forbid or allow that other organizations accept a key.
   *
   * Forbids with `allowed: false` that any other organization accepts the key. Where it is an external key, it stops working as soon as the receipt is confirmed. With `allowed: true` it works there again, unless another rule forbids it.
   *
   * Requires `keys.write`.
   *
   * `PUT /v1/organizations/{organization}/keys/{key}/acceptances`
   */
  setKeyAcceptance(input: SetKeyAcceptanceInput, options?: CallOptions): Promise<SetKeyAcceptanceOutput>

  /**
   * Forbid or allow that one organization accepts a key.
   *
   * Forbids with `allowed: false` that one other organization accepts the key, whether or not it has added the key. With `allowed: true` it may, unless another rule forbids it.
   *
   * Requires `keys.write`.
   *
   * `PUT /v1/organizations/{organization}/keys/{key}/acceptances/{partner}`
   */
  setPartnerAcceptance(
    input: SetPartnerAcceptanceInput,
    options?: CallOptions,
  ): Promise<SetPartnerAcceptanceOutput>

  /**
   * Read how many requests there were, by time and by key, consumer, pipeline or outcome.
   *
   * Sums up the requests to pipelines, by time and then by group. There is no item for nothing, and new requests appear after about a second. A page can have fewer items than `limit`, or none, although another page follows: read on until `next` is null. Minutes are kept for 2 days, hours for 90 days and days for 2 years, unless the operator sets other times.
   *
   * Requires `usage.read`.
   *
   * `GET /v1/organizations/{organization}/usage`
   */
  readUsage(input?: ReadUsageInput, options?: CallOptions): List<Usage>

  /**
   * Find recent requests, such as the one whose id a caller reports.
   *
   * Lists the last requests to the pipelines, the last that ended first. A gateway keeps the last 1,000 that were let in and the last 1,000 others of each organization in its memory, fewer if there are many organizations, and none after a restart. The answer has the requests of the gateways in `gateways`: with several servers, that of the server that answers. A request appears when it ends; a role that has the permission only for a project or a pipeline does not show requests that matched no pipeline.
   *
   * Requires `usage.read`.
   *
   * `GET /v1/organizations/{organization}/requests`
   */
  listRequests(
    input?: ListRequestsInput,
    options?: CallOptions,
  ): List<
    DecidedRequest,
    {
      /** The ids of the gateways whose requests these are. Requests of other gateways are not listed. Of enrolled gateways, at most 100 requests that were let in and 100 that were refused are listed for each second. */
      readonly gateways: readonly string[]
    }
  >

  /**
   * List the webhooks.
   *
   * Lists the webhooks, oldest first.
   *
   * Requires `webhooks.read`.
   *
   * `GET /v1/organizations/{organization}/webhooks`
   */
  listWebhooks(input?: ListWebhooksInput, options?: CallOptions): List<Webhook>

  /**
   * Have events sent to a URL.
   *
   * Has the events of these types sent to a URL from now on, and answers with the secret that signs them. Besides `webhooks.write` you need, for the whole organization, the permission to read what each event tells, such as `keys.read` for events of keys. A URL with an address that is not public gets 400 `invalid_request`.
   *
   * Requires `webhooks.write`.
   *
   * `POST /v1/organizations/{organization}/webhooks`
   */
  createWebhook(input: CreateWebhookInput, options?: CallOptions): Promise<CreateWebhookOutput>

  /**
   * Read a webhook.
   *
   * Answers with a webhook, without its secret.
   *
   * Requires `webhooks.read`.
   *
   * `GET /v1/organizations/{organization}/webhooks/{webhook}`
   */
  getWebhook(input: GetWebhookInput, options?: CallOptions): Promise<Webhook>

  /**
   * Update a webhook, or switch it off or on.
   *
   * Changes the fields that you send. A new URL and new events need what their creation needs. With `status: "inactive"` nothing is sent: events wait, and those of the last three days are sent once it is `active` again.
   *
   * Requires `webhooks.write`.
   *
   * `PATCH /v1/organizations/{organization}/webhooks/{webhook}`
   */
  updateWebhook(input: UpdateWebhookInput, options?: CallOptions): Promise<UpdateWebhookOutput>

  /**
   * Remove a webhook.
   *
   * Ends the webhook and deletes its deliveries.
   *
   * Requires `webhooks.write`.
   *
   * `DELETE /v1/organizations/{organization}/webhooks/{webhook}`
   */
  removeWebhook(input: RemoveWebhookInput, options?: CallOptions): Promise<RemoveWebhookOutput>

  /**
   * Rotate the secret of a webhook.
   *
   * Makes a new secret and answers with it. Until `graceSeconds` are over, each message has two signatures: by the new secret and by the previous one. While that is so, a further rotation gets 409 `conflict`, unless its `graceSeconds` is 0, which ends both earlier secrets.
   *
   * Requires `webhooks.write`.
   *
   * `POST /v1/organizations/{organization}/webhooks/{webhook}/rotate`
   */
  rotateWebhook(input: RotateWebhookInput, options?: CallOptions): Promise<RotateWebhookOutput>

  /**
   * List the deliveries of a webhook.
   *
   * Lists what was and will be delivered to the webhook, the newest events first, with each attempt. The last 1000 are kept, for 30 days.
   *
   * Requires `webhooks.read`.
   *
   * `GET /v1/organizations/{organization}/webhooks/{webhook}/deliveries`
   */
  listDeliveries(input: ListDeliveriesInput, options?: CallOptions): List<Delivery>

  /**
   * Deliver an event again.
   *
   * Delivers an event again, with the same content and `webhook-id`, and retries it for three days. It makes no difference whether it was delivered, given up, or waits for its next attempt.
   *
   * Requires `webhooks.write`.
   *
   * `POST /v1/organizations/{organization}/webhooks/{webhook}/deliveries/{delivery}/replay`
   */
  replayDelivery(input: ReplayDeliveryInput, options?: CallOptions): Promise<Delivery>

  /**
   * List the audit log, newest first, or export it.
   *
   * Lists every change in the organization, newest first: who did what to which resource, with the state before and after, and the hash of the previous event, so that a missing or altered event shows. A page with two or more of `actor`, `action` and `target` can have fewer events than `limit`, even none, while `next` is not null. With `Accept: application/x-ndjson` or `text/csv`, the answer is an export of all of these events, oldest first, without pages; NDJSON ends with a signed checkpoint, so that `npm run audit -- verify FILE` can check it. An export is itself an event; an actor has one at a time and starts at most 30 an hour.
   *
   * Requires `audit.read`.
   *
   * `GET /v1/organizations/{organization}/audit-events`
   */
  listAuditEvents(input?: ListAuditEventsInput, options?: CallOptions): List<AuditEvent>

  /**
   * The same list as a file.
   *
   * Lists every change in the organization, newest first: who did what to which resource, with the state before and after, and the hash of the previous event, so that a missing or altered event shows. A page with two or more of `actor`, `action` and `target` can have fewer events than `limit`, even none, while `next` is not null. With `Accept: application/x-ndjson` or `text/csv`, the answer is an export of all of these events, oldest first, without pages; NDJSON ends with a signed checkpoint, so that `npm run audit -- verify FILE` can check it. An export is itself an event; an actor has one at a time and starts at most 30 an hour.
   *
   * Requires `audit.read`.
   *
   * `GET /v1/organizations/{organization}/audit-events`
   */
  exportAuditEvents(input: ExportAuditEventsInput, options?: CallOptions): Promise<Response>

  /**
   * List the gateways.
   *
   * Lists all gateways of the installation with the revision that each has applied. A gateway that is stale may not have applied the newest changes; it refuses requests when it has lost its lease.
   *
   * Requires `gateways.read`.
   *
   * `GET /v1/organizations/{organization}/gateways`
   */
  listGateways(input?: ListGatewaysInput, options?: CallOptions): List<Gateway>

  /**
   * Create a new secret for the key that calls.
   *
   * Creates a new secret for the key that calls, as `POST …/keys/{key}/roll` does for any key, but without `handOver`. So a system replaces its own secret without knowing any other key. The old secret works for `graceSeconds` more, by default 12 hours. The new `token` is shown only once: store it before you finish the roll.
   *
   * Requires `keys.roll-self`.
   *
   * `POST /v1/keys/self/roll`
   */
  rollOwnKey(input?: RollOwnKeyInput, options?: CallOptions): Promise<RollOwnKeyOutput>

  /**
   * End the old secret of the key that calls.
   *
   * Ends the old secret of the key that calls before its grace is over. Call it with the new token, so that you know that you have it: with the old one, and without a pending roll, the answer is 409 `conflict`.
   *
   * Requires `keys.roll-self`.
   *
   * `POST /v1/keys/self/roll/finish`
   */
  finishOwnRoll(input?: FinishOwnRollInput, options?: CallOptions): Promise<FinishOwnRollOutput>

  /**
   * Delete the key that calls permanently.
   *
   * Deletes the key that calls for good, for example because its token has leaked. Gateways reject it as soon as the receipt is confirmed. The last owner key of the organization gets 409 `conflict`.
   *
   * Requires `keys.roll-self`.
   *
   * `DELETE /v1/keys/self`
   */
  deleteOwnKey(input?: DeleteOwnKeyInput, options?: CallOptions): Promise<DeleteOwnKeyOutput>

  /**
   * List your accounts at providers.
   *
   * Lists the accounts at providers with which the person who is signed in can sign in.
   *
   * `GET /v1/person/providers`
   */
  listLinkedProviders(input?: ListLinkedProvidersInput, options?: CallOptions): List<LinkedProvider>

  /**
   * Begin to link your account at a provider.
   *
   * Begins to link an account at a provider to the person who is signed in, who can then sign in with it. It needs a step-up of the last 5 minutes. Send the browser to `url`. It comes back to `returnTo`, whose query has `error=link_failed` if the account is linked to another person, or if the browser no longer has the session that began the link. It takes no `Idempotency-Key`: a repeated request is a new one.
   *
   * `POST /v1/person/providers/{provider}/begin`
   */
  beginProviderLink(input: BeginProviderLinkInput, options?: CallOptions): Promise<BeginProviderLinkOutput>

  /**
   * Unlink your account at a provider.
   *
   * Unlinks the account at a provider, which then no longer signs the person in, and ends the sessions that it opened, also that of the request, unless a password or a passkey has confirmed them since. It needs a step-up of the last 5 minutes. The last way to sign in is refused with 409 `conflict`.
   *
   * `DELETE /v1/person/providers/{provider}`
   */
  unlinkProvider(input: UnlinkProviderInput, options?: CallOptions): Promise<void>

  /**
   * Describe the session of this request.
   *
   * Answers with the person who is signed in, their organizations, and when the session ends. A session ends 12 hours after its last use, and 14 days after the sign-in at the latest.
   *
   * `GET /v1/session`
   */
  getSession(input?: GetSessionInput, options?: CallOptions): Promise<Session>

  /**
   * Sign out.
   *
   * Ends the session of this request and removes its cookie.
   *
   * `DELETE /v1/session`
   */
  signOut(input?: SignOutInput, options?: CallOptions): Promise<void>

  /**
   * List your other sessions.
   *
   * Lists the other sessions of the person who is signed in.
   *
   * `GET /v1/session/others`
   */
  listOtherSessions(input?: ListOtherSessionsInput, options?: CallOptions): List<WebSession>

  /**
   * End all your other sessions.
   *
   * Ends all sessions of the person who is signed in, except that of this request.
   *
   * `DELETE /v1/session/others`
   */
  endOtherSessions(input?: EndOtherSessionsInput, options?: CallOptions): Promise<void>

  /**
   * End one of your other sessions.
   *
   * Ends another session of the person who is signed in. It is refused from its next request on. The session of this request ends with `DELETE /v1/session`.
   *
   * `DELETE /v1/session/others/{session}`
   */
  endOtherSession(input: EndOtherSessionInput, options?: CallOptions): Promise<void>

  /**
   * Confirm that it is you.
   *
   * Confirms that it is still you. For 5 minutes the session may then do what cannot be undone, which otherwise gets 403 `step_up_required`. The session gets a new cookie. It takes no `Idempotency-Key`: a repeated request is a new one.
   *
   * `POST /v1/session/step-up`
   */
  stepUp(input: StepUpInput, options?: CallOptions): Promise<void>

  /**
   * Change your password.
   *
   * Changes the password of the person who is signed in. All other sessions of the person and all links to set a password end; this session gets a new cookie. A wrong `current` gets 401 `sign_in_failed`; the same password, or the e-mail address, 400 `invalid_request`.
   *
   * `PUT /v1/person/password`
   */
  changePassword(input: ChangePasswordInput, options?: CallOptions): Promise<void>

  /**
   * List your passkeys.
   *
   * Lists the passkeys of the person who is signed in.
   *
   * `GET /v1/person/passkeys`
   */
  listPasskeys(input?: ListPasskeysInput, options?: CallOptions): List<Passkey>

  /**
   * Add a passkey.
   *
   * Adds the passkey that a browser made. Your authenticator must have verified you, with a PIN or biometrics; a refused response gets 400 `invalid_request`, and can be sent again. A person has at most 20 passkeys.
   *
   * `POST /v1/person/passkeys`
   */
  addPasskey(input: AddPasskeyInput, options?: CallOptions): Promise<Passkey>

  /**
   * Begin to add a passkey.
   *
   * Answers with options for `navigator.credentials.create`, which makes a passkey, and with a ticket. Send both results to `POST /v1/person/passkeys` in the same session, within 5 minutes; an earlier ticket no longer works. You must have confirmed within 5 minutes that it is you, or the answer is 403 `step_up_required`. It takes no `Idempotency-Key`: a repeated request is a new one.
   *
   * `POST /v1/person/passkeys/options`
   */
  beginPasskey(input?: BeginPasskeyInput, options?: CallOptions): Promise<BeginPasskeyOutput>

  /**
   * Rename a passkey.
   *
   * Gives one of your passkeys another name.
   *
   * `PATCH /v1/person/passkeys/{passkey}`
   */
  renamePasskey(input: RenamePasskeyInput, options?: CallOptions): Promise<Passkey>

  /**
   * Remove a passkey.
   *
   * Removes one of your passkeys, which no longer signs in, and ends the sessions that it opened, also that of the request, unless a password or another passkey has confirmed them since. If it is your only way to sign in, the answer is 409. You must have confirmed within 5 minutes that it is you, or the answer is 403 `step_up_required`.
   *
   * `DELETE /v1/person/passkeys/{passkey}`
   */
  removePasskey(input: RemovePasskeyInput, options?: CallOptions): Promise<void>

  /**
   * Begin to confirm with a passkey that it is you.
   *
   * Answers with options for `navigator.credentials.get` with your passkeys, and with a ticket for `POST /v1/session/step-up`. An earlier ticket no longer works. Without a passkey the answer is 409. It takes no `Idempotency-Key`: a repeated request is a new one.
   *
   * `POST /v1/session/step-up/passkey-options`
   */
  beginPasskeyStepUp(
    input?: BeginPasskeyStepUpInput,
    options?: CallOptions,
  ): Promise<BeginPasskeyStepUpOutput>

  /**
   * Describe your second factor.
   *
   * Answers with your authenticator app, if you have one, and how many recovery codes are left.
   *
   * `GET /v1/person/second-factor`
   */
  getSecondFactor(input?: GetSecondFactorInput, options?: CallOptions): Promise<SecondFactor>

  /**
   * Begin to add an authenticator app.
   *
   * Makes the secret of an authenticator app, which has no effect until `POST /v1/person/second-factor/confirm` has verified its first code. It replaces a secret that was not confirmed. If you have an authenticator app, the answer is 409. You must have confirmed within 5 minutes that it is you, or the answer is 403 `step_up_required`. It takes no `Idempotency-Key`: a repeated request is a new one.
   *
   * `POST /v1/person/second-factor`
   */
  beginSecondFactor(input?: BeginSecondFactorInput, options?: CallOptions): Promise<BeginSecondFactorOutput>

  /**
   * Remove your second factor.
   *
   * Removes your authenticator app and your recovery codes. You must have verified a code in `POST /v1/session/step-up` within 5 minutes. The password is not enough: the answer is 403 `step_up_required`.
   *
   * `DELETE /v1/person/second-factor`
   */
  removeSecondFactor(input?: RemoveSecondFactorInput, options?: CallOptions): Promise<void>

  /**
   * Verify the first code of an authenticator app.
   *
   * Verifies the first code of the authenticator app, and answers with ten recovery codes, which are shown only once. The session gets a new cookie and counts as verified; all your other sessions end. A wrong code gets 401 `sign_in_failed`. It takes no `Idempotency-Key`: a repeated request is a new one.
   *
   * `POST /v1/person/second-factor/confirm`
   */
  confirmSecondFactor(
    input: ConfirmSecondFactorInput,
    options?: CallOptions,
  ): Promise<ConfirmSecondFactorOutput>

  /**
   * Replace your recovery codes.
   *
   * Answers with ten new recovery codes, which are shown only once; the old ones no longer work. You must have verified a code in `POST /v1/session/step-up` within 5 minutes. The password is not enough: the answer is 403 `step_up_required`. It takes no `Idempotency-Key`: a repeated request is a new one.
   *
   * `POST /v1/person/second-factor/recovery-codes`
   */
  replaceRecoveryCodes(
    input?: ReplaceRecoveryCodesInput,
    options?: CallOptions,
  ): Promise<ReplaceRecoveryCodesOutput>

  /**
   * Send the second factor that a session lacks.
   *
   * Verifies the second factor in a session that lacks it, such as one from a provider. Until then the session may only do this, `GET /v1/session` and `DELETE /v1/session`. The session gets a new cookie. A wrong or used code gets 401 `sign_in_failed`; after too many, 429 `rate_limited`. It takes no `Idempotency-Key`: a repeated request is a new one.
   *
   * `POST /v1/session/second-factor`
   */
  verifySecondFactor(input: VerifySecondFactorInput, options?: CallOptions): Promise<void>

  /**
   * List the keys of your consumer.
   *
   * Lists the keys of your consumer, without deleted ones, and counts them. The session needs the scope `keys.read`.
   *
   * `GET /v1/portal/keys`
   */
  listPortalKeys(
    input?: ListPortalKeysInput,
    options?: CallOptions,
  ): List<
    ListedPortalKey,
    {
      /** How many items all pages have together; at least so many if it is not exact. */
      readonly total: number
      /** Whether `total` is exact. */
      readonly totalIsExact: boolean
    }
  >

  /**
   * Create a key for your consumer.
   *
   * Creates a secret key of your consumer, without roles. The `token` is shown only once. If the key that made the link has an expiry, address rules or rate limits, the new key needs bounds that are no wider. The session needs the scope `keys.create`.
   *
   * `POST /v1/portal/keys`
   */
  createPortalKey(input: CreatePortalKeyInput, options?: CallOptions): Promise<CreatePortalKeyOutput>

  /**
   * Read a key of your consumer.
   *
   * Answers with a key of your consumer, and how a roll goes on. The key of another consumer gets 404 `not_found`. The session needs the scope `keys.read`.
   *
   * `GET /v1/portal/keys/{key}`
   */
  getPortalKey(input: GetPortalKeyInput, options?: CallOptions): Promise<PortalKey>

  /**
   * Delete a key of your consumer permanently.
   *
   * Deletes a key of your consumer for good. Gateways reject it as soon as the receipt is confirmed. The session needs the scope `keys.delete`.
   *
   * `DELETE /v1/portal/keys/{key}`
   */
  deletePortalKey(input: DeletePortalKeyInput, options?: CallOptions): Promise<DeletePortalKeyOutput>

  /**
   * Create a new secret for a key of your consumer; the old one still works during the grace period.
   *
   * Creates a new secret for a key of your consumer; the old one works for `graceSeconds` more, by default 12 hours. The new `token` is shown only once. A key whose roles permit anything in Sallyport gets 403 `permission_missing`: it reaches beyond your consumer. The session needs the scope `keys.roll`.
   *
   * `POST /v1/portal/keys/{key}/roll`
   */
  rollPortalKey(input: RollPortalKeyInput, options?: CallOptions): Promise<RollPortalKeyOutput>

  /**
   * End the old secret of a key of your consumer now.
   *
   * Ends the old secret of a rolling key of your consumer before its grace is over. Without a pending roll the answer is 409 `conflict`. The session needs the scope `keys.roll`.
   *
   * `POST /v1/portal/keys/{key}/roll/finish`
   */
  finishPortalRoll(input: FinishPortalRollInput, options?: CallOptions): Promise<FinishPortalRollOutput>

  /**
   * End the new secret of a key of your consumer now and keep the old one.
   *
   * Ends the new secret of a rolling key of your consumer, and keeps the old one. Without a pending roll the answer is 409 `conflict`. The session needs the scope `keys.roll`.
   *
   * `POST /v1/portal/keys/{key}/roll/undo`
   */
  undoPortalRoll(input: UndoPortalRollInput, options?: CallOptions): Promise<UndoPortalRollOutput>

  /**
   * List the live pipelines that your consumer may call.
   *
   * Lists the live deployments of the pipelines that your consumer may call, in its environment, oldest first: their URLs, and the credentials that they demand. Each portal session may read it.
   *
   * `GET /v1/portal/pipelines`
   */
  listPortalPipelines(input?: ListPortalPipelinesInput, options?: CallOptions): List<PortalPipeline>

  /**
   * Read how many requests your consumer made.
   *
   * Sums up the requests of your consumer by time, and by key, secret, pipeline or outcome. The session needs the scope `usage.read`.
   *
   * `GET /v1/portal/usage`
   */
  readPortalUsage(input?: ReadPortalUsageInput, options?: CallOptions): List<Usage>

  /**
   * Describe the portal session of this request.
   *
   * Answers with what the session is about: its consumer, what it allows now, and when it ends.
   *
   * `GET /v1/portal`
   */
  getPortal(input?: GetPortalInput, options?: CallOptions): Promise<Portal>

  /**
   * End the portal session of this request.
   *
   * Ends the portal session at once and removes its cookie.
   *
   * `DELETE /v1/portal`
   */
  leavePortal(input?: LeavePortalInput, options?: CallOptions): Promise<void>

  /**
   * Sign in with a password.
   *
   * Signs a person in and answers with the cookie of a session. A wrong password and an unknown address get the same 401 `sign_in_failed`. A person with a second factor who sends no `code` gets 401 `second_factor_required`. Too many failures get 429 `rate_limited`. It takes no `Idempotency-Key`: a repeated request is a new one.
   *
   * `POST /v1/auth/sign-in`
   */
  signIn(input: SignInInput, options?: CallOptions): Promise<SignInOutput>

  /**
   * List the providers to sign in with.
   *
   * Lists the providers that people can sign in with.
   *
   * `GET /v1/auth/providers`
   */
  listSignInProviders(input?: ListSignInProvidersInput, options?: CallOptions): List<SignInProvider>

  /**
   * Begin to sign in with a provider.
   *
   * Begins a sign-in. Send the browser to `url`; within 10 minutes it comes back to the callback of the provider, and from there to `returnTo`, signed in. A provider that does not respond gets 503 `unavailable`; the others still work. It takes no `Idempotency-Key`: a repeated request is a new one.
   *
   * `POST /v1/auth/providers/{provider}/begin`
   */
  beginProviderSignIn(
    input: BeginProviderSignInInput,
    options?: CallOptions,
  ): Promise<BeginProviderSignInOutput>

  /**
   * Ask for a link to set a new password.
   *
   * Sends a mail with a link that works once, for an hour. The answer is the same for an unknown address. Without mails, `detail` says to ask an owner. Too many requests get 429 `rate_limited`. It takes no `Idempotency-Key`: a repeated request is a new one.
   *
   * `POST /v1/auth/reset-requests`
   */
  requestPasswordReset(
    input: RequestPasswordResetInput,
    options?: CallOptions,
  ): Promise<RequestPasswordResetOutput>

  /**
   * Set a new password with a link.
   *
   * Sets a new password with a link. All sessions and other links of the person end; it does not sign the person in, and second factors stay. A link that was used, replaced or has expired gets 410 `link_invalid`; so does a link from an owner who may by now do less than the person. The old password, or the e-mail address, gets 400 `invalid_request`, and the link goes on working. It takes no `Idempotency-Key`: a repeated request is a new one.
   *
   * `POST /v1/auth/reset`
   */
  resetPassword(input: ResetPasswordInput, options?: CallOptions): Promise<void>

  /**
   * Begin to sign in with a passkey.
   *
   * Answers with options for `navigator.credentials.get`, which lets the person choose a passkey, and with a ticket. Send both results to `POST /v1/auth/passkeys/sign-in` within 5 minutes. Who begins too many sign-ins gets 429 `rate_limited`. It takes no `Idempotency-Key`: a repeated request is a new one.
   *
   * `POST /v1/auth/passkeys/options`
   */
  beginPasskeySignIn(
    input?: BeginPasskeySignInInput,
    options?: CallOptions,
  ): Promise<BeginPasskeySignInOutput>

  /**
   * Sign in with a passkey.
   *
   * Signs in the person whose passkey signed, and answers with the cookie of a session, which needs no other factor. Every refusal is the same 401 `sign_in_failed`. The authenticator must have verified its user, the signature must be valid for this server, and the counter must not go back. It takes no `Idempotency-Key`: a repeated request is a new one.
   *
   * `POST /v1/auth/passkeys/sign-in`
   */
  signInWithPasskey(input: SignInWithPasskeyInput, options?: CallOptions): Promise<SignInWithPasskeyOutput>

  /**
   * Accept an invitation.
   *
   * Makes the person who is signed in a member. A person without an account sends a name and a password, gets an account for the address of the invitation, and is signed in. An invitation that was accepted or withdrawn, has expired, or whose sender may no longer give its roles, gets 410 `link_invalid`. It takes no `Idempotency-Key`: a repeated request is a new one.
   *
   * `POST /v1/invitations/accept`
   */
  acceptInvitation(input: AcceptInvitationInput, options?: CallOptions): Promise<AcceptInvitationOutput>

  /**
   * Open a hand-over, once.
   *
   * Answers once with the encrypted token, which is deleted at the same time; the page of the link decrypts it, which needs the link. An unknown id and a wrong proof both get 410 `link_invalid`, and end nothing. A hand-over that was opened, expired or withdrawn gets it with `state` and `endedAt`. While the key is switched off the answer is 409 `conflict`, and the hand-over stays pending. It takes no `Idempotency-Key`: a repeated request is a new one.
   *
   * `POST /v1/hand-overs/open`
   */
  openHandOver(input: OpenHandOverInput, options?: CallOptions): Promise<OpenHandOverOutput>

  /**
   * Open a portal session, once.
   *
   * Opens the portal session of a link, once, and sets its cookie, which only the paths under `/v1/portal` receive. An unknown secret gets 410 `link_invalid`; a link that was opened, has expired or was withdrawn gets it with `state` and `endedAt`. While the consumer is switched off the answer is 409 `conflict`, and the link still works. It takes no `Idempotency-Key`: a repeated request is a new one.
   *
   * `POST /v1/portal/open`
   */
  openPortalSession(input: OpenPortalSessionInput, options?: CallOptions): Promise<Portal>

  /**
   * List the public keys that sign audit logs.
   *
   * Lists the public keys that sign the checkpoints of audit logs: one, which is made once and is the same for all processes. It needs no credential.
   *
   * `GET /v1/audit-keys`
   */
  listAuditKeys(input?: ListAuditKeysInput, options?: CallOptions): List<AuditKey>
}
