import { t } from '../../../texts/texts.ts'
import { Toggle } from './toggle.tsx'
import { type Credential, CREDENTIALS } from './trigger-facts.ts'

interface CredentialTogglesProps {
  readonly required: Readonly<Record<Credential, boolean>>
  readonly isDisabled?: boolean
  readonly faults?: Readonly<Partial<Record<Credential, string>>>
  readonly onChange: (credential: Credential, isOn: boolean) => void
}

const NO_FAULTS: NonNullable<CredentialTogglesProps['faults']> = {}

/** Which credentials callers must send. */
export function CredentialToggles({
  required,
  isDisabled = false,
  faults = NO_FAULTS,
  onChange,
}: CredentialTogglesProps) {
  const { credentials, credentialMeanings } = t.pipeline.spec
  return CREDENTIALS.map((credential) => (
    <Toggle
      key={credential}
      word={credentials[credential]}
      meaning={credentialMeanings[credential]}
      isOn={required[credential]}
      isDisabled={isDisabled}
      fault={faults[credential]}
      onChange={(isOn) => onChange(credential, isOn)}
    />
  ))
}
