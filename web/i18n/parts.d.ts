// One catalogue comes in parts; compile.ts says which word is in which.
declare module '*.json?core' {
  const messages: Record<string, unknown>;
  export default messages;
}
declare module '*.json?more' {
  const messages: Record<string, unknown>;
  export default messages;
}
