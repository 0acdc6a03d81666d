package dev.offramp.partnercenter;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Closes and opens texts with AES-256-GCM; each is bound to its name, so that rows cannot be exchanged. */
final class Seal {

    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    /** @param key 32 bytes */
    Seal(byte[] key) {
        if (key.length != 32) {
            throw new IllegalArgumentException("The encryption key has %d bytes; 32 are needed.".formatted(key.length));
        }
        this.key = new SecretKeySpec(key, "AES");
    }

    byte[] close(String name, String text) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, name).doFinal(text.getBytes(StandardCharsets.UTF_8));
            byte[] all = Arrays.copyOf(nonce, NONCE + sealed.length);
            System.arraycopy(sealed, 0, all, NONCE, sealed.length);
            return all;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws BrokenSeal when it was closed with another key or changed since */
    String open(String name, byte[] sealed) {
        if (sealed.length <= NONCE) {
            throw new BrokenSeal(name, null);
        }
        try {
            byte[] nonce = Arrays.copyOf(sealed, NONCE);
            byte[] text = cipher(Cipher.DECRYPT_MODE, nonce, name).doFinal(sealed, NONCE, sealed.length - NONCE);
            return new String(text, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw new BrokenSeal(name, e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String name) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    /** What was stored cannot be opened with our key. */
    static final class BrokenSeal extends RuntimeException {
        BrokenSeal(String name, @org.jspecify.annotations.Nullable Throwable cause) {
            super("What is stored as '%s' cannot be opened with this encryption key".formatted(name), cause);
        }
    }
}
