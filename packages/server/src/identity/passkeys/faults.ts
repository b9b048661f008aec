/** Why the response of an authenticator is refused. */
export type PasskeyFault =
  | 'malformed'
  | 'wrong_ceremony'
  | 'wrong_challenge'
  | 'wrong_origin'
  | 'wrong_relying_party'
  | 'user_not_present'
  | 'user_not_verified'
  | 'wrong_user'
  | 'attestation_refused'
  | 'key_refused'
  | 'backup_changed'
  | 'signature_invalid'
  | 'counter_went_back'

export interface Refused {
  readonly ok: false
  readonly fault: PasskeyFault
}

export function refused(fault: PasskeyFault): Refused {
  return { ok: false, fault }
}
