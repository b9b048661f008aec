import { t } from '../../../texts/texts.ts'
import { Toggle } from './toggle.tsx'
import { type Credential, CREDENTIALS } from './trigger-facts.ts'

interface CredentialTogglesProps {
  readonly required: Readonly<Record<Credential, boolean>>
  /** Whether the spec says that callers may send an API key, but need not. */
  readonly isKeyOptional?: boolean
  readonly isDisabled?: boolean
  readonly faults?: Readonly<Partial<Record<Credential, string>>>
  readonly onChange: (credential: Credential, isOn: boolean) => void
}

const NO_FAULTS: NonNullable<CredentialTogglesProps['faults']> = {}

/** Which credentials callers must send. */
export function CredentialToggles({
  required,
  isKeyOptional = false,
  isDisabled = false,
  faults = NO_FAULTS,
  onChange,
}: CredentialTogglesProps) {
  const { credentials, credentialMeanings, keyIsOptional } = t.pipeline.spec
  return CREDENTIALS.map((credential) => (
    <Toggle
      key={credential}
      word={credentials[credential]}
      meaning={credential === 'apiKey' && isKeyOptional ? keyIsOptional : credentialMeanings[credential]}
      isOn={required[credential]}
      isDisabled={isDisabled}
      fault={faults[credential]}
      onChange={(isOn) => onChange(credential, isOn)}
    />
  ))
}
