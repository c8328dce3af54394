import { LoopClient } from "@platform/sdk";
const loop = new LoopClient({
clientId: process.env.LOOP_CLIENT_ID!,
clientSecret: process.env.LOOP_CLIENT_SECRET!,
redirectUri: "https://your-app.example.com/auth/loop/callback",
});
// In your /callback handler:
const tokens = await loop.exchangeCode({
code: req.query.code,
state: req.query.state,
codeVerifier: storedVerifier,
});
// Anywhere afterwards:
import { createClinicalClient } from "@platform/sdk-clinical";
import { platformHost, SERVICE_NAMES } from "@platform/hosts";
const clinical = createClinicalClient({
baseUrl: platformHost({ service: SERVICE_NAMES.CLINICAL }),
accessToken: tokens.access_token,
});
const biomarkers = await clinical.listBiomarkers({ userId: tokens.sub });
