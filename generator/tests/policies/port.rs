//! Properties of porting, on policies made at random of headscale's words and of those of Tailscale's service.
