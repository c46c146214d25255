/** One setting that differs; values as text, secrets as the reference that names them. */
export interface SettingChange {
  /** `webhook.verification.secrets[0]`. */
  readonly setting: string;
  /** Undefined when the setting is not there. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}
